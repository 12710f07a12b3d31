import { describe, expect, it } from 'vitest'
import type { StoredFile } from '../../src/domain/file.ts'
import { fileUri } from '../../src/domain/file.ts'
import type { Json, JsonObject } from '../../src/domain/json.ts'
import { type Output, outputOf } from '../../src/domain/output.ts'
import type { Prediction } from '../../src/domain/prediction.ts'
import { readSchema } from '../../src/domain/schema.ts'
import { fileOf, predictionOf, start, uriOf } from '../support/domain.ts'

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
    expect(drawn({ a: 1 }, text)).toEqual({ kind: 'json', value: { a: 1 } })
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
    expect(drawn(['Hel', 'lo'], { type: 'array', items: text })).toEqual({
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
        { kind: 'json', value: 7 },
      ],
    })
  })

  it('of plain values is JSON', () => {
    expect(drawn([0.1, 0.2])).toEqual({ kind: 'json', value: [0.1, 0.2] })
    expect(drawn([{ a: 1 }])).toEqual({ kind: 'json', value: [{ a: 1 }] })
  })

  it('of lists of plain values is JSON, even when they are empty', () => {
    expect(drawn([[1, 2], [3]])).toEqual({ kind: 'json', value: [[1, 2], [3]] })
    expect(drawn([[], []])).toEqual({ kind: 'json', value: [[], []] })
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
    expect(drawn(0)).toEqual({ kind: 'json', value: 0 })
    expect(drawn(false)).toEqual({ kind: 'json', value: false })
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
