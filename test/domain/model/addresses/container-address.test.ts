import { expect, it } from 'vitest'
import { containerOrigin } from '../../../../src/domain/model/addresses/container-address.ts'

it.each([
  ['http://gpu-2:5000', 'http://gpu-2:5000'],
  ['https://gpu.example.com/docs?x#y', 'https://gpu.example.com'],
  ['localhost:5000', 'http://localhost:5000'],
  ['  localhost:5000\n', 'http://localhost:5000'],
  ['gpu-2:5000', 'http://gpu-2:5000'],
  ['GPU_box.local:5000/docs', 'http://gpu_box.local:5000'],
  ['10.0.0.7:5000', 'http://10.0.0.7:5000'],
  ['[::1]:5000', 'http://[::1]:5000'],
  ['localhost:80', 'http://localhost'],
])('reads %j as %s', (text, origin) => {
  expect(containerOrigin(text)).toBe(origin)
})

it.each([
  ...['', 'localhost', 'owner/name', 'owner/name:5000', 'ftp://gpu:5000', 'gpu:99999', 'gpu:5000x'],
  ...[
    'http://user:secret@gpu:5000',
    'user@gpu:5000',
    '/models/at:5000',
    'javascript:alert(1)',
    '::1:5000',
  ],
])('takes %j for no address', (text) => {
  expect(containerOrigin(text)).toBeNull()
})

it('takes time in proportion to what was typed', () => {
  const since = performance.now()
  for (const text of [
    'a'.repeat(1e6),
    `[${':'.repeat(1e6)}`,
    ' '.repeat(1e6),
    `${'a.'.repeat(5e5)}!`,
  ])
    expect(containerOrigin(text)).toBeNull()
  expect(performance.now() - since).toBeLessThan(1_000)
})
