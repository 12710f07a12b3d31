import { describe, expect, it } from 'vitest'
import { fileUri, type StoredFile } from '../../../src/domain/file/file.ts'
import type { Json, JsonObject } from '../../../src/domain/json/json.ts'
import type { Output } from '../../../src/domain/output/output.ts'
import { outputOf } from '../../../src/domain/prediction/output.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { fileOf, predictionOf, start, uriOf } from '../../support/domain.ts'

const files = [
  fileOf(1),
  fileOf(2),
  fileOf(3, { name: 'song.mp3', type: 'audio/mpeg' }),
  fileOf(4, { name: 'clip.mp4', type: 'video/mp4' }),
  fileOf(5, { name: 'weights.zip', type: 'application/zip' }),
]
const [cat, dog, song, clip, weights] = files as [
  StoredFile,
  StoredFile,
  StoredFile,
  StoredFile,
  StoredFile,
]
const uri = fileUri

function drawn(output: Json, schema: JsonObject = {}, changes: Partial<Prediction> = {}): Output {
  const done = { status: 'succeeded', startedAt: start, completedAt: start + 1 } as const
  return outputOf(
    predictionOf({ ...done, output, files, ...changes }),
    readSchema({ Output: schema }).output,
  )
}

const text = { type: 'string' }
const image = { type: 'string', format: 'uri' }
const concatenated = {
  type: 'array',
  items: text,
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
}

describe('the value comes first', () => {
  it('draws a stored file by the type of its content', () => {
    expect(drawn(uri(cat), image)).toEqual({ kind: 'image', file: cat })
    expect(drawn(uri(song), image)).toEqual({ kind: 'audio', file: song })
    expect(drawn(uri(clip), image)).toEqual({ kind: 'video', file: clip })
    expect(drawn(uri(weights), image)).toEqual({ kind: 'file', file: weights })
  })

  it('draws a stored file where the schema promised text', () => {
    expect(drawn(uri(cat), text)).toEqual({ kind: 'image', file: cat })
  })

  it('draws text where the schema promised a file', () => {
    expect(drawn('I could not draw that', image)).toEqual({
      kind: 'text',
      text: 'I could not draw that',
    })
  })

  it('draws one file where the schema promised text in pieces', () => {
    expect(drawn(uri(cat), concatenated)).toEqual({ kind: 'image', file: cat })
  })

  it('draws files where the schema promised text in pieces', () => {
    expect(drawn([uri(cat), uri(dog)], concatenated)).toEqual({
      kind: 'gallery',
      files: [cat, dog],
    })
  })

  it('draws an object where the schema promised a text', () => {
    expect(drawn({ a: 1 }, text)).toEqual({
      kind: 'object',
      entries: [['a', { kind: 'number', value: 1 }]],
    })
  })

  it('draws a file that is gone as the text it left', () => {
    expect(drawn(uriOf(77), image)).toEqual({ kind: 'text', text: uriOf(77) })
  })

  it('links to an address, and only to the web', () => {
    expect(drawn('https://example.com/cat.png')).toEqual({
      kind: 'link',
      url: 'https://example.com/cat.png',
    })
    for (const other of ['javascript:alert(1)', 'ftp://example.com', 'see https://example.com'])
      expect(drawn(other)).toEqual({ kind: 'text', text: other })
  })
})

describe('the schema comes second', () => {
  it('joins pieces of text only when it says so', () => {
    expect(drawn(['Hel', 'lo'], concatenated)).toEqual({
      kind: 'stream',
      text: 'Hello',
      growing: false,
    })
    expect(drawn(['Hel', 'lo'], { type: 'array', items: text })).toMatchObject({
      kind: 'json',
      value: ['Hel', 'lo'],
    })
  })

  it('shows a text as growing until it is settled', () => {
    const running = { status: 'processing', completedAt: null, iterates: true } as const
    expect(drawn(['Hel'], concatenated, running)).toMatchObject({ text: 'Hel', growing: true })
    expect(drawn(['Hel'], concatenated, { iterates: true })).toMatchObject({ growing: false })
  })
})

describe('a list', () => {
  it('of pictures is a gallery, even of one', () => {
    expect(drawn([uri(cat)])).toEqual({ kind: 'gallery', files: [cat] })
  })

  it('of several kinds draws each in its own way', () => {
    expect(drawn([uri(cat), uri(song), 'a caption', 7])).toEqual({
      kind: 'list',
      items: [
        { kind: 'image', file: cat },
        { kind: 'audio', file: song },
        { kind: 'text', text: 'a caption' },
        { kind: 'number', value: 7 },
      ],
    })
  })

  it('of plain values is JSON', () => {
    expect(drawn([0.1, 0.2])).toMatchObject({ kind: 'json', value: [0.1, 0.2] })
    expect(drawn([{ a: 1 }])).toMatchObject({ kind: 'json', value: [{ a: 1 }] })
  })

  it('of lists of plain values is JSON, even when they are empty', () => {
    expect(drawn([[1, 2], [3]])).toMatchObject({ kind: 'json', value: [[1, 2], [3]] })
    expect(drawn([[], []])).toMatchObject({ kind: 'json', value: [[], []] })
  })

  it('of objects with the same names is a table', () => {
    expect(
      drawn([
        { a: 1, b: 'x' },
        { a: 2, c: null },
      ]),
    ).toEqual({
      kind: 'table',
      columns: ['a', 'b', 'c'],
      rows: [
        [1, 'x', undefined],
        [2, undefined, null],
      ],
    })
  })

  it('of objects with files is no table', () => {
    const boxes = [
      { label: 'a cat', mask: uri(cat) },
      { label: 'a dog', mask: uri(dog) },
    ]
    expect(drawn(boxes)).toMatchObject({ kind: 'list', items: [{ kind: 'object' }, {}] })
  })

  it('of long texts shows each as text', () => {
    const long = 'One sentence after the other. '.repeat(5)
    expect(drawn([long, 'short'])).toMatchObject({ kind: 'list', items: [{ text: long }, {}] })
  })

  it('of thousands of items shows the first of them', () => {
    const many = Array.from({ length: 10_000 }, () => uri(song))
    const output = drawn(many)
    expect(output).toMatchObject({ kind: 'list', omitted: 9_900 })
    expect(output.kind === 'list' && output.items.length).toBe(100)
  })
})

describe('an object', () => {
  it('draws each of its properties in its own way, under its own schema', () => {
    const schema = {
      type: 'object',
      properties: { story: { type: 'string', format: 'markdown' } },
    }
    expect(
      drawn({ story: 'Once', mask: uri(cat), sure: true, meta: { a: 1 } }, schema),
    ).toMatchObject({
      kind: 'object',
      entries: [
        ['story', { kind: 'markdown', text: 'Once' }],
        ['mask', { kind: 'image', file: cat }],
        ['sure', { kind: 'boolean', value: true }],
        ['meta', { kind: 'json', value: { a: 1 } }],
      ],
    })
  })

  it('of nothing but objects and lists is JSON', () => {
    expect(drawn({ a: { b: 1 }, c: [] })).toMatchObject({ kind: 'json' })
    expect(drawn({})).toMatchObject({ kind: 'json', value: {} })
  })

  it('keeps a name that JavaScript reads as something else', () => {
    const output = drawn(JSON.parse('{"__proto__": "polluted", "constructor": 1}'))
    expect(output).toMatchObject({
      kind: 'object',
      entries: [
        ['__proto__', {}],
        ['constructor', {}],
      ],
    })
  })
})

describe('a text', () => {
  const markdown = '# A title\n\nWith **bold** words.\n'

  it('is Markdown when the schema says so, or when it plainly is', () => {
    expect(drawn('plain', { type: 'string', format: 'markdown' })).toMatchObject({
      kind: 'markdown',
    })
    expect(drawn(markdown)).toEqual({ kind: 'markdown', text: markdown })
    expect(drawn('```js\nlet a\n```\n')).toMatchObject({ kind: 'markdown' })
    expect(drawn('| a | b |\n| --- | --- |\n| 1 | 2 |')).toMatchObject({ kind: 'markdown' })
    expect(drawn([markdown], concatenated)).toMatchObject({ kind: 'markdown' })
  })

  it.each([
    'import os\n# the path\npath = os.getcwd()\n',
    '# settings\nname: a\n- one\n- two\n',
    '- one\n- two\n- three',
    'a ** b ** c',
    'He said: *no*.',
    '1. First\n2. Second',
    '#!/bin/sh\n\necho "$1" # a comment\n',
  ])('stays plain when it might be something else: %j', (plain) => {
    expect(drawn(plain)).toEqual({ kind: 'text', text: plain })
  })

  it('is plain while it grows', () => {
    const running = { status: 'processing', completedAt: null, iterates: true } as const
    expect(drawn([markdown], concatenated, running)).toMatchObject({ kind: 'stream' })
  })

  it('that is a page is shown as its source', () => {
    for (const page of ['<!DOCTYPE html><p>Hi', '\n <html lang="en">'])
      expect(drawn(page)).toEqual({ kind: 'html', text: page })
  })

  it('shows its end while it grows, and its beginning when it is done', () => {
    const pieces = Array.from({ length: 20_000 }, (_, index) => `word${index} `)
    const length = pieces.join('').length
    const running = { status: 'processing', completedAt: null, iterates: true } as const
    const growing = drawn(pieces, concatenated, running)
    expect(growing).toMatchObject({ kind: 'stream', omitted: length - 16 * 1024 })
    expect(growing.kind === 'stream' && growing.text.endsWith('word19999 ')).toBe(true)
    const done = drawn(pieces, concatenated)
    expect(done).toMatchObject({ kind: 'stream', omitted: length - 64 * 1024 })
    expect(done.kind === 'stream' && done.text.startsWith('word0 ')).toBe(true)
  })

  it('that is empty is nothing', () => {
    expect(drawn('')).toEqual({ kind: 'empty', settled: true })
    expect(drawn(['', ''], concatenated)).toEqual({ kind: 'empty', settled: true })
  })
})

describe('a file in the value itself', () => {
  const picture = `data:image/png;base64,${'AAAA'.repeat(100)}`

  it('is drawn by the type it claims', () => {
    expect(drawn(picture)).toEqual({
      kind: 'image',
      file: { inline: 0, uri: picture, name: 'output-1.png', type: 'image/png', size: 300 },
    })
    expect(drawn('data:text/html,<script>alert(1)</script>')).toMatchObject({ kind: 'file' })
  })

  it('is counted among its like, each once', () => {
    const other = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
    expect(drawn([picture, other, picture])).toMatchObject({
      kind: 'gallery',
      files: [{ inline: 0 }, { inline: 1 }, { inline: 0 }],
    })
  })

  it('is not what merely begins like one', () => {
    expect(drawn('data: the plural of datum')).toMatchObject({ kind: 'text' })
    expect(drawn('data:text/plain, and then a sentence')).toMatchObject({ kind: 'text' })
  })
})

describe('depth', () => {
  it('costs nothing, however great', () => {
    let deep: Json = 'bottom'
    for (let level = 0; level < 10_000; level++) deep = level % 2 ? [deep] : { deep }
    expect(drawn(deep)).toMatchObject({ kind: 'json' })
  })
})

describe('nothing', () => {
  it('is empty, and says whether something may still come', () => {
    expect(drawn(null)).toEqual({ kind: 'empty', settled: true })
    expect(drawn([])).toEqual({ kind: 'empty', settled: true })
    expect(drawn(null, {}, { status: 'starting', completedAt: null })).toEqual({
      kind: 'empty',
      settled: false,
    })
  })

  it('is not what zero, false and no are', () => {
    expect(drawn(0)).toEqual({ kind: 'number', value: 0 })
    expect(drawn(false)).toEqual({ kind: 'boolean', value: false })
  })

  it('is the error when there is one', () => {
    expect(drawn(null, {}, { status: 'failed', error: 'Out of memory.' })).toEqual({
      kind: 'error',
      error: 'Out of memory.',
    })
  })

  it('gives way to what was made before the error', () => {
    expect(drawn('half a story', text, { status: 'failed', error: 'Out of memory.' })).toEqual({
      kind: 'text',
      text: 'half a story',
    })
  })
})
