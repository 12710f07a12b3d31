import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FauxqsServer } from 'fauxqs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FilesAway } from '../../src/domain/unavailable.ts'
import { openS3, type S3Options } from '../../src/files/s3.ts'
import { createLocalLocks } from '../../src/locks/local.ts'
import { newBucket, startS3 } from '../support/s3.ts'
import { type Mood, startS3Proxy } from '../support/s3-proxy.ts'
import { allOf, describeFiles, onePixel } from './conformance.ts'

let server: FauxqsServer
let folder: string
beforeAll(async () => {
  server = await startS3()
})
afterAll(() => server.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describeFiles('files in S3', async () => {
  const settings = newBucket(server)
  const incoming = join(folder, 'incoming')
  const locks = createLocalLocks()
  const files = await openS3({ ...settings, incoming, locks, now: Date.now, onFault() {} })
  return {
    files,
    everything: async () => [
      ...(await allOf(files.list(Date.now() + 60_000))),
      ...(await readdir(incoming)),
    ],
    async close() {},
  }
})

describe('a bucket that is behind a line with faults', () => {
  let proxy: Awaited<ReturnType<typeof startS3Proxy>>
  const faults: unknown[] = []
  beforeEach(async () => {
    proxy = await startS3Proxy(server.port)
    faults.length = 0
  })
  afterEach(() => proxy.close())

  const open = (options: Partial<S3Options> = {}) =>
    openS3({
      ...newBucket(server),
      endpoint: proxy.url,
      incoming: join(folder, 'incoming'),
      locks: createLocalLocks(),
      now: Date.now,
      onFault: (error) => faults.push(error),
      silenceMs: 300,
      ...options,
    })

  it.each<Mood>(['refuse', 'busy', 'hang', 'cut upload'])(
    'keeps nothing of an upload when it is to %s, and works again afterwards',
    async (mood) => {
      const files = await open()
      proxy.become(mood)
      const put = files.put(once('x'.repeat(500_000)), 1e9)
      await expect(put).rejects.toMatchObject({ reason: 'unreachable' })
      expect(faults.length).toBeGreaterThan(0)
      expect(await readdir(join(folder, 'incoming'))).toEqual([])
      proxy.become('pass')
      expect(await allOf(files.list(Date.now() + 60_000))).toEqual([])
      expect(await files.put(once('again'), 1e9)).toMatchObject({ size: 5 })
    },
  )

  it.each<Mood>(['refuse', 'busy', 'hang'])(
    'says of a download that it cannot be reached when it is to %s',
    async (mood) => {
      const files = await open()
      const { sha256 } = await files.put(once('kept'), 1e9)
      proxy.become(mood)
      await expect(files.open(sha256)).rejects.toThrow(FilesAway)
    },
  )

  it.each<Mood>(['cut download', 'stall download'])('fails a download on %s', async (mood) => {
    const files = await open()
    const { sha256 } = await files.put(once('x'.repeat(500_000)), 1e9)
    proxy.become(mood)
    const stream = await files.open(sha256)
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow()
    const copy = join(folder, 'copy')
    await expect(files.copyTo(sha256, copy)).rejects.toThrow()
  })

  it('does not start on a bucket that refuses, and starts on one that is away', async () => {
    await expect(open({ bucket: 'nobody-made-this' })).rejects.toThrow(/no bucket of this name/)
    proxy.become('refuse')
    await expect(open()).rejects.toThrow(/^S3_BUCKET: the credentials may not/)
    proxy.become('busy')
    const files = await open()
    expect(faults).toHaveLength(1)
    proxy.become('pass')
    expect(await files.put(once('late'), 1e9)).toMatchObject({ size: 4 })
  })

  it('sends a content once, and again when the object is twelve hours old', async () => {
    let at = Date.now()
    const files = await open({ now: () => at })
    const puts = () => proxy.asked.filter((method) => method === 'PUT').length
    await files.put(once('the same'), 1e9)
    await files.put(once('the same'), 1e9)
    expect(puts()).toBe(1)
    at += 13 * 60 * 60_000
    await files.put(once('the same'), 1e9)
    expect(puts()).toBe(2)
  })

  it('reads the beginning of a picture once for its size', async () => {
    const files = await open()
    const { pixels, ...content } = await files.put(once(onePixel), 1e9)
    const before = proxy.asked.length
    for (let tries = 0; tries < 3; tries++) expect(await files.pixels(content)).toEqual(pixels)
    expect(proxy.asked.slice(before)).toEqual(['GET'])
  })

  it('removes no content that is being sent', async () => {
    const locks = createLocalLocks()
    const files = await open({ locks })
    const { sha256 } = await files.put(once('wanted'), 1e9)
    await locks.together(`content ${sha256}`, () => files.remove(sha256, Date.now() + 60_000))
    expect(await files.open(sha256)).not.toBeNull()
  })
})

async function* once(content: string | Buffer) {
  yield Buffer.from(content)
}
