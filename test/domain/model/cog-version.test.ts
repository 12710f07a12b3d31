import { expect, it } from 'vitest'
import { statedCogVersion } from '../../../src/domain/model/cog-version.ts'

it.each([
  '0.3.9',
  '0.9',
  '0.16.8',
  'v0.8.1+dev',
  '0.13.0-alpha2',
  '0.10.0a20',
  '0.4.0.dev3+gd5a',
  '1!0.1',
])('states %s as it is told', (version) => {
  expect(statedCogVersion(version)).toBe(version)
})

it.each([
  null,
  '',
  'dev',
  '0.3.8',
  '0.3.9rc1',
  '0.3.9.dev1',
  '0.1.0',
  '0',
  '0.16 ',
  '0.16..1',
  `0.16+${'a'.repeat(100)}`,
  '1'.repeat(20),
])('states one that programs can use for %j', (version) => {
  expect(statedCogVersion(version)).toBe('0.16.0')
})
