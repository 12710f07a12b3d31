import { describe, expect, it } from 'vitest'
import { dataUriBytes, readDataUri } from '../../../src/domain/file/data-uri.ts'

describe('the head of a data: URI', () => {
  it.each([
    ['data:image/png;base64,AAAA', { type: 'image/png', base64: true, start: 22, size: 3 }],
    ['DATA:Image/PNG;BASE64,AAAA', { type: 'image/png', base64: true, start: 22, size: 3 }],
    [
      'data:text/plain;charset=utf-8,a b',
      { type: 'text/plain', base64: false, start: 30, size: 3 },
    ],
    ['data:,a', { type: null, base64: false, start: 6, size: 1 }],
    ['data:;base64,', { type: null, base64: true, start: 13, size: 0 }],
    ['data: a list of them, and more', { type: null, base64: false, start: 21, size: 9 }],
  ])('says what is in %s', (uri, head) => {
    expect(readDataUri(uri)).toEqual(head)
  })

  it.each([
    'data:image/png',
    'data',
    '',
    'https://example.com/data:,',
    `data:${'a'.repeat(2_000)},`,
  ])('is not in %.40s', (text) => {
    expect(readDataUri(text)).toBeNull()
  })
})

it.each([
  ['data:text/plain,a%20b%2', 'a b%2'],
  ['data:text/plain;base64,YSBi', 'a b'],
  ['data:,é', 'é'],
])('decodes %s', (uri, text) => {
  expect(Buffer.from(dataUriBytes(uri)).toString()).toBe(text)
})
