import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { fileUri, type StoredFile } from '../../../../src/domain/file/file.ts'
import { newId } from '../../../../src/domain/id.ts'
import type { Files } from '../../../../src/files/files.ts'
import { as } from '../support/recorded-app.ts'
import { running } from '../support/running.ts'

async function stored(files: Files, name: string, bytes: Buffer): Promise<StoredFile> {
  const put = await files.put(Readable.from([bytes]), 2 ** 20)
  return { ...put, ref: newId(Buffer.from(name.padEnd(16, '.').slice(0, 16))), name }
}

describe('the input of a run in a Gradio app', () => {
  it('has its files uploaded, and named by their paths there', async () => {
    const { app, files, run } = await running('pic', ['pic'])
    const file = await stored(files, 'my pic ü.png', Buffer.from('\x89PNG'))
    const { prediction } = await run('pic', { img: fileUri(file), flip: true }, { files: [file] })
    expect(prediction.status).toBe('succeeded')
    const [upload] = app.asks('POST /gradio_api/upload')
    expect(Buffer.from(upload?.body ?? '', 'latin1').toString('utf8')).toContain('my pic ü.png')
    const [{ data }] = app.bodies('/join')
    expect(data).toMatchObject([{ meta: { _type: 'gradio.FileData' } }, true])
    expect(data[0].path).toMatch(/^\/srv\/gradio\/\w+\/my pic/)
  })

  it('may have a list of files', async () => {
    const { app, files, run } = await running('files', ['files'])
    const [a, b] = [
      await stored(files, 'a.txt', Buffer.from('alpha')),
      await stored(files, 'b.txt', Buffer.from('beta')),
    ]
    await run('files', { f: [a, b].map(fileUri) }, { files: [a, b] })
    const [{ data }] = app.bodies('/join')
    expect(data[0]).toMatchObject([{ orig_name: 'a.txt' }, { orig_name: 'b.txt' }])
  })

  it('fails with the limit of the app, before a file is sent', async () => {
    const { app, files, run } = await running('pic', ['pic'])
    const file = await stored(files, 'large.png', Buffer.alloc(120_000))
    const { prediction } = await run('pic', { img: fileUri(file) }, { files: [file] })
    const sentence = 'img: This file is too large for the app. It takes at most 100 KB.'
    expect(prediction).toMatchObject({ status: 'failed', error: sentence })
    expect(app.asks('POST /gradio_api/upload')).toHaveLength(0)
  })

  it('fails when the app finds a file too large', async () => {
    const { app, files, run } = await running('pic', ['pic'])
    app.answer('POST /gradio_api/upload', as('upload-too-large'))
    const file = await stored(files, 'a.png', Buffer.alloc(10))
    const { prediction } = await run('pic', { img: fileUri(file) }, { files: [file] })
    expect(prediction.error).toMatch(/^img: This file is too large for the app/)
  })
})
