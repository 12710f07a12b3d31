import { namedFile } from '../../../domain/file/file.ts'
import { FileNotKept, type NotKept } from '../../../domain/file/file-not-kept.ts'
import type { Upload } from '../../../domain/file/upload.ts'
import type { StoredContent } from '../../../files/files.ts'
import { readParts } from '../../forms/form-body.ts'
import type { ApiDeps } from '../api-deps.ts'
import { filesAway, type InvalidField, invalid, noRoom, type Problem } from '../problem.ts'
import type { ApiContext } from '../route.ts'
import { type Member, memberOf, mostMetadataBytes, readMetadata } from './metadata.ts'

export type UploadReading =
  | { readonly ok: true; readonly upload: Upload }
  | { readonly ok: false; readonly problem: Problem }

/** The parts of an upload’s form, as far as they have arrived. */
interface Sent {
  content: StoredContent | null
  name: string
  metadata: string
  /** Metadata sent as parts of its own. */
  readonly members: Member[]
  isTooMuch: boolean
  refused: NotKept | null
}

/** Stores an uploaded file as it arrives. Throws `BadForm`. */
export async function readUpload(c: ApiContext, deps: ApiDeps): Promise<UploadReading> {
  if (!/^multipart\/form-data\b/i.test(c.req.header('Content-Type') ?? ''))
    return refused(415, 'Send the file as multipart/form-data, in a part called content.')
  const sent = await receive(c, deps)
  if (sent.refused === 'no space') return { ok: false, problem: noRoom }
  if (sent.refused === 'unreachable') return { ok: false, problem: filesAway }
  if (sent.refused)
    return refused(413, `Files must be less than ${deps.config.maxUpload / 2 ** 20}MB in size`)
  const metadata = sent.isTooMuch ? null : readMetadata(sent.metadata, sent.members)
  if (!sent.content) return { ok: false, problem: invalid([missing]) }
  if (!metadata) return { ok: false, problem: invalid([badMetadata]) }
  const file = namedFile(sent.content, deps.newId(), sent.name)
  const upload = { file, owner: c.get('account'), metadata, createdAt: deps.now() }
  await deps.store.addUpload(upload)
  return { ok: true, upload }
}

async function receive(c: ApiContext, { files, config }: ApiDeps): Promise<Sent> {
  const sent: Sent = {
    content: null,
    name: '',
    metadata: '',
    members: [],
    isTooMuch: false,
    refused: null,
  }
  await readParts(c, {
    field(name, text) {
      if (name === 'filename') sent.name = text
      else say(sent, name, text)
    },
    async file(name, fileName, content) {
      // Replicate’s client sends the metadata as a file.
      if (name.startsWith('metadata')) say(sent, name, await textOf(content))
      if (name !== 'content' || sent.content) return
      sent.name ||= fileName
      try {
        sent.content = await files.put(content, config.maxUpload)
      } catch (error) {
        if (!(error instanceof FileNotKept)) throw error
        sent.refused = error.reason
      }
    },
  })
  return sent
}

/** Notes a part of the metadata. A text that was too long is null. */
function say(sent: Sent, name: string, text: string | null): void {
  if (text === null) sent.isTooMuch = true
  else if (name === 'metadata') sent.metadata = text
  else {
    const member = memberOf(name, text)
    if (member) sent.members.push(member)
  }
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size <= mostMetadataBytes) chunks.push(chunk)
  }
  return size > mostMetadataBytes ? null : Buffer.concat(chunks).toString()
}

const missing: InvalidField = { type: 'required', field: '', description: 'content is required' }
const badMetadata: InvalidField = {
  type: 'invalid_type',
  field: 'metadata',
  description: 'Invalid type. Expected: object of at most 64 KB as JSON',
}

function refused(status: 413 | 415, detail: string): UploadReading {
  return { ok: false, problem: { status, detail } }
}
