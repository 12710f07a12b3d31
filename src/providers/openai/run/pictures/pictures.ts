import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { dataUriBytes, readDataUri, writeDataUri } from '../../../../domain/file/data-uri.ts'
import { fileAt, type StoredFile } from '../../../../domain/file/file.ts'
import type { Guard } from '../../../../outbound/guard.ts'
import { entryFile } from '../../../../root.ts'
import { createSemaphore } from '../../../../semaphore.ts'
import type { Run } from '../../../provider.ts'
import type { OpenAiLimits } from '../../limits.ts'
import { type InputFiles, tooLarge } from '../files.ts'
import { NotSendable } from '../not-sendable.ts'

const execute = promisify(execFile)
const script = entryFile('providers/openai/run/pictures/draw-picture')
const drawMs = 20_000

/** Each draws in a process of its own, as a crafted picture may crash its decoder. */
const drawing = createSemaphore(2)

export interface PicturesOptions {
  readonly run: Run
  readonly files: InputFiles
  readonly guard: Guard
  readonly limits: OpenAiLimits
}

export type Pictures = ReturnType<typeof createPictures>

/**
 * Pictures as `data:` URIs that each server takes: PNG or JPEG, of a size that models see. No address is
 * given to a server, which would fetch it itself. Throws `NotSendable`.
 */
export function createPictures({ run, files, guard, limits }: PicturesOptions) {
  async function drawn(path: string, field: string): Promise<string> {
    const fitting = await files.newPath()
    try {
      const args = [script, path, fitting, String(limits.maxPixels)]
      const options = { timeout: drawMs, env: {}, signal: run.signal }
      const { stdout } = await drawing.run(() => execute(process.execPath, args, options))
      return writeDataUri(stdout, await files.read(fitting))
    } catch (error) {
      throw new NotSendable(`${field}: This file is not a picture that can be read.`, {
        cause: error,
      })
    }
  }

  async function fetched(url: string, field: string): Promise<string> {
    const path = await files.newPath()
    try {
      const { content } = await guard.fetch(url, limits.maxInputBytes, run.signal)
      await pipeline(Readable.from(content), createWriteStream(path))
    } catch (error) {
      const why = error instanceof Error ? error.message : ''
      throw new NotSendable(`${field}: ${why}`, { cause: error })
    }
    return path
  }

  async function written(uri: string, size: number, field: string): Promise<string> {
    if (size > limits.maxInputBytes) throw tooLarge(field, limits)
    const path = await files.newPath()
    await writeFile(path, dataUriBytes(uri))
    return path
  }

  return {
    /** A stored file. */
    async ofFile(file: StoredFile, field: string): Promise<string> {
      return drawn(await files.copy(file, field), field)
    },
    /** A picture in a conversation: a `data:` URI, an address, or a file of the run. */
    async ofText(text: string, field: string): Promise<string> {
      const file = fileAt(text, run.files)
      if (file) return this.ofFile(file, field)
      const data = readDataUri(text)
      if (data) return drawn(await written(text, data.size, field), field)
      if (/^https?:/i.test(text)) return drawn(await fetched(text, field), field)
      throw new NotSendable(`${field}: A picture is a URL or a data URI.`)
    },
  }
}
