import { expect, it } from 'vitest'
import { isLoopback } from '../../src/domain/loopback.ts'

it.each([
  'localhost',
  'LocalHost',
  'localhost.',
  '127.0.0.1',
  '127.255.255.254',
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '[0000:0000::0001]',
  '::ffff:127.0.0.1',
  '[::FFFF:7F00:1]',
])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

it.each([
  '',
  '.',
  '127.999.999.999',
  '127.0.0.256',
  '127.0.0',
  '127.0.0.1.',
  '127.0.0.1.example.com',
  '127.0.0.1 ',
  '0127.0.0.1',
  '127.0.0.010',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '2130706433',
  '1270.0.0.1',
  '128.0.0.1',
  '0.0.0.0',
  '::',
  '[::]',
  '::2',
  '::127.0.0.1',
  '::ffff:128.0.0.1',
  '::ffff:127.999.0.1',
  '[127.0.0.1]',
  '[::1',
  '::1]',
  '::1%lo',
  '::1]/x[',
  'localhost..',
  'localhost.example.com',
  'evil-localhost',
  'a.localhost',
  '1２7.0.0.1',
])('“%s” may be another', (host) => {
  expect(isLoopback(host)).toBe(false)
})
