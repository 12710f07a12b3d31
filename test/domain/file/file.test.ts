import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fileAt,
  fileRef,
  fileRefsIn,
  fileUri,
  safeFileName,
} from '../../../src/domain/file/file.ts'
import { fileOf, idOf, uriOf } from '../../support/domain.ts'

describe('a stored file in a value', () => {
  it('is written as its reference and its name, percent-encoded', () => {
    const ref = idOf(1)
    expect(fileUri({ ref, name: 'a cat/100%.png' })).toBe(`sandpit:${ref}/a%20cat%2F100%25.png`)
  })

  it('is found again among the files', () => {
    expect(fileAt(uriOf(2), [fileOf(1), fileOf(2)])).toEqual(fileOf(2))
    expect(fileAt(uriOf(3), [fileOf(1), fileOf(2)])).toBeNull()
    expect(fileAt(undefined, [fileOf(1)])).toBeNull()
  })

  it('is known by its reference alone', () => {
    expect(fileRef(`sandpit:${idOf(1)}`)).toBe(idOf(1))
    expect(fileRef(`sandpit:${idOf(1)}/renamed.png`)).toBe(idOf(1))
  })

  it.each([
    '',
    'sandpit:',
    'sandpit:short/a.png',
    `sandpit:${idOf(1)}x/a.png`,
    `sandpit:${idOf(1).toUpperCase()}/a.png`,
    ` sandpit:${idOf(1)}/a.png`,
    `https://example.com/sandpit:${idOf(1)}/a.png`,
  ])('is not %j', (text) => {
    expect(fileRef(text)).toBeNull()
  })

  it('is found wherever it stands', () => {
    const value = { image: uriOf(1), more: [uriOf(2), { deep: [uriOf(1)] }], size: 1, no: null }
    expect(fileRefsIn(value)).toEqual([fileOf(1).ref, fileOf(2).ref, fileOf(1).ref])
    expect(fileRefsIn(`see ${uriOf(1)}`)).toEqual([])
  })
})

describe('a file name', () => {
  it.each([
    ['cat.png', 'cat.png'],
    ['C:\\Users\\ada\\cat.png', 'cat.png'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['.htaccess', 'htaccess'],
    ['', 'file'],
    ['a/', 'file'],
    ['a\r\nb\0.png', 'ab.png'],
    ['say "hi" <b>.png', 'say hi b.png'],
    ['evil\u202Egnp.exe', 'evilgnp.exe'],
    ['  spaced .png  ', 'spaced .png'],
    ['Ünïcödé 猫.png', 'Ünïcödé 猫.png'],
  ])('%j becomes %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe)
  })

  it('keeps its extension when it is cut', () => {
    expect(safeFileName(`${'x'.repeat(300)}.png`)).toBe(`${'x'.repeat(116)}.png`)
  })

  it('is not cut in the middle of a character', () => {
    const name = safeFileName(`a${'😀'.repeat(100)}.png`)
    expect(name.isWellFormed()).toBe(true)
    expect(name).toMatch(/^a.+\.png$/)
  })

  it('is always one segment of a path that a URI can hold', () => {
    const given = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(fc.oneof(given, fc.string({ maxLength: 300 })), (text) => {
        const name = safeFileName(text)
        expect(name).toMatch(/^[^/\\\p{Cc}]{1,120}$/u)
        expect(name).not.toMatch(/^\.|^\s|\s$/)
        expect(fileRef(fileUri({ ref: idOf(1), name }))).toBe(idOf(1))
      }),
      { numRuns: 500 },
    )
  })
})
