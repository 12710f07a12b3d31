import { describe, expect, it } from 'vitest'
import { fileUri } from '../../../src/domain/file/file.ts'
import { filesIn, uniqueNames } from '../../../src/domain/output/output-file.ts'
import { fileOf } from '../../support/domain.ts'

const cat = fileOf(1)
const dog = fileOf(2)
const uri = fileUri

describe('the files of an output', () => {
  it('come in order, each once, from wherever they are', () => {
    const inline = 'data:text/plain,hello'
    const output = { b: [uri(dog), { c: inline }], a: uri(cat), d: uri(dog), e: 'text' }
    expect(filesIn(output, [cat, dog])).toEqual([
      dog,
      expect.objectContaining({ uri: inline }),
      cat,
    ])
  })

  it('are only those it has', () => {
    expect(filesIn([uri(cat)], [dog])).toEqual([])
    expect(filesIn(null, [cat])).toEqual([])
  })
})

describe('names in an archive', () => {
  const named = (...names: string[]) => uniqueNames(names.map((name) => ({ name })))

  it('are told apart, whatever their case', () => {
    expect(named('cat.png', 'cat.png', 'CAT.png', 'cat-2.png')).toEqual([
      'cat.png',
      'cat-2.png',
      'CAT-3.png',
      'cat-2-2.png',
    ])
  })

  it('lead nowhere', () => {
    expect(named('../../etc/passwd', 'C:\\a.txt', '..', 'a\u202Egnp.exe\n')).toEqual([
      'passwd',
      'a.txt',
      'file',
      'agnp.exe',
    ])
  })
})
