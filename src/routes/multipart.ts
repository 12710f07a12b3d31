import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { Context } from 'hono'

const limits = {
  fieldNameSize: 200,
  fieldSize: 10 * 2 ** 20,
  fields: 2_000,
  files: 100,
  parts: 2_000,
}

/** All that is typed is held in memory until the form is read. */
const mostText = 32 * 2 ** 20

/** A body that is no form, or breaks off. */
export class BadForm extends Error {
  override readonly name = 'BadForm'
}

/** What a form is made of, part by part as it arrives. */
export interface FormParts {
  field(name: string, text: string): void
  /** Takes a file's content; what it leaves unread is read past. */
  file(name: string, fileName: string, content: Readable): Promise<void>
}

/** Reads a form as it arrives, holding none of its files. Throws `BadForm`. */
export async function readParts(c: Context, parts: FormParts): Promise<void> {
  const body = c.req.raw.body
  if (!body) throw new BadForm('The form is empty.')
  const source = Readable.fromWeb(body as NodeStream)
  const files: Promise<void>[] = []
  const arriving = new Set<Readable>()
  let fault: unknown = null
  // What is not kept is read all the same: a browser shows our answer only once it has sent all.
  const receive = (name: string, fileName: string, content: Readable) => {
    arriving.add(content)
    return parts
      .file(name, fileName, content)
      .catch((error) => {
        fault ??= error
      })
      .finally(() => {
        arriving.delete(content)
        content.resume()
      })
  }
  try {
    const parser = new Busboy({
      headers: Object.fromEntries(c.req.raw.headers) as BusboyHeaders,
      limits,
      defParamCharset: 'utf8',
    } as ConstructorParameters<typeof Busboy>[0])
    await new Promise<void>((resolve, reject) => {
      let refused = false
      let text = 0
      const refuse = (sentence: string) => {
        refused = true
        reject(new BadForm(sentence))
      }
      parser.on('field', (name, value, _nameCut, cut) => {
        text += name.length + value.length
        if (refused) return
        if (cut) refuse(`${name} has more than ${limits.fieldSize >> 20} MB of text.`)
        else if (text > mostText) refuse(`The form has more than ${mostText >> 20} MB of text.`)
        else parts.field(name, value)
      })
      parser.on('file', (name, content, fileName) => {
        // A file box that was left empty is sent as a file without a name.
        if (!fileName || refused) content.resume()
        else files.push(receive(name, fileName, content))
      })
      for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const)
        parser.on(limit, () => refuse('The form has more fields than we read.'))
      parser.on('finish', resolve)
      parser.on('error', reject)
      source.on('error', (error) => {
        parser.destroy(error)
        // The parser leaves whoever reads a file waiting for more of it.
        for (const content of arriving) content.destroy(error)
        reject(error)
      })
      source.pipe(parser)
    })
  } catch (error) {
    await Promise.all(files)
    if (error instanceof BadForm) throw error
    throw new BadForm('The form could not be read: it broke off, or is not a form.', {
      cause: error,
    })
  }
  await Promise.all(files)
  if (fault) throw fault
}
