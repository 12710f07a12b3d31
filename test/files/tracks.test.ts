import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDisk } from '../../src/files/disk.ts'

const box = (kind: string, ...inner: readonly Buffer[]) => {
  const head = Buffer.alloc(8)
  const content = Buffer.concat(inner)
  head.writeUInt32BE(content.length + 8)
  head.write(kind, 4, 'latin1')
  return Buffer.concat([head, content])
}
const track = (handler: string) =>
  box('trak', box('tkhd', Buffer.alloc(84)), box('mdia', hdlr(handler)))
const hdlr = (handler: string) =>
  box('hdlr', Buffer.concat([Buffer.alloc(8), Buffer.from(handler), Buffer.alloc(13)]))

function mp4(handlers: readonly string[], between = Buffer.alloc(0)): Buffer {
  const type = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1'))
  const moov = box('moov', box('mvhd', Buffer.alloc(100)), ...handlers.map(track))
  return Buffer.concat([type, box('free'), box('mdat', between), moov])
}

const element = (id: string, content: Buffer) => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(0x10000000 + content.length)
  return Buffer.concat([Buffer.from(id, 'hex'), size, content])
}
const number = (id: string, value: number) => element(id, Buffer.from([value]))

function webm(kinds: readonly number[], kind = 'webm', before = 0): Buffer {
  const header = element('1a45dfa3', element('4282', Buffer.from(kind)))
  const entries = kinds.map((type, at) =>
    element('ae', Buffer.concat([number('d7', at), number('83', type)])),
  )
  const inner = [
    element('ec', Buffer.alloc(before)),
    element('1549a966', number('2ad7b1', 1)),
    element('1654ae6b', Buffer.concat(entries)),
    element('1f43b675', Buffer.alloc(20_000)),
  ]
  return Buffer.concat([header, element('18538067', Buffer.concat(inner))])
}

async function typeOf(content: Buffer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-tracks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const files = await openDisk(folder)
  const chunks = (async function* () {
    yield content
  })()
  return (await files.put(chunks, 2 ** 30)).type
}

describe('what looks like a video', () => {
  it.each<[what: string, type: string, content: Buffer]>([
    ['MP4 with pictures', 'video/mp4', mp4(['vide'])],
    ['MP4 with both', 'video/mp4', mp4(['soun', 'vide'])],
    ['MP4 with sound', 'audio/mp4', mp4(['soun'])],
    ['MP4 with sound and subtitles', 'audio/mp4', mp4(['soun', 'text'])],
    ['MP4 whose tracks stand at the end', 'audio/mp4', mp4(['soun'], Buffer.alloc(1_000_000))],
    ['MP4 that says nothing of its tracks', 'video/mp4', mp4([])],
    ['MP4 that was cut', 'video/mp4', mp4(['soun']).subarray(0, 60)],
    ['WebM with pictures', 'video/webm', webm([1])],
    ['WebM with both', 'video/webm', webm([2, 1])],
    ['WebM with sound', 'audio/webm', webm([2])],
    ['WebM whose tracks stand behind the first bytes', 'audio/webm', webm([2], 'webm', 10_000)],
    ['WebM without tracks', 'video/webm', webm([])],
    ['Matroska with sound', 'audio/x-matroska', webm([2], 'matroska')],
  ])('%s is %s', async (_, type, content) => {
    expect(await typeOf(content)).toBe(type)
  })

  it('is looked at within bounds', async () => {
    const many = Buffer.concat([
      mp4([]),
      ...Array.from({ length: 100_000 }, () => box('free')),
      mp4(['soun']),
    ])
    const since = performance.now()
    expect(await typeOf(many)).toBe('video/mp4')
    expect(
      await typeOf(Buffer.concat([webm([]).subarray(0, 60), Buffer.alloc(1e6, 0x81)])),
    ).toMatch(/video|octet/)
    expect(performance.now() - since).toBeLessThan(2_000)
  })
})
