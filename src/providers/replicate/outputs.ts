import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import type { Json } from '../../domain/json/json.ts'
import type { ValueSchema } from '../../domain/schema/schema.ts'
import type { NotFetched } from '../../outbound/not-fetched.ts'
import { createCopies, type Found, withTexts } from '../downloads.ts'
import type { Run } from '../provider.ts'
import type { Answers } from '../response-reader.ts'
import type { Addresses } from './fetcher.ts'
import { dataIn } from './inputs.ts'
import { Trouble } from './upstream-error.ts'

export interface OutputOptions {
  /** What was read of the run, and has files that were in it as data. */
  readonly answers: Answers
  readonly addresses: Addresses
  /** The largest file, in bytes. */
  readonly mostBytes: number
  /** How long after a copy that failed it is tried again, in milliseconds. */
  readonly againMs: number
  /** How long all copies of the run may take together, in milliseconds. */
  readonly budgetMs: number
  readonly signal: AbortSignal
}

/**
 * Copies the files of a run's outputs to our own store, each once: at the service they are gone
 * within the hour. One that cannot be copied keeps its address, and is told of.
 */
export function createOutputs(run: Run, options: OutputOptions) {
  const { addresses, answers, mostBytes, againMs, budgetMs, signal } = options
  const { output: schema } = run.version.schema
  const keepFile = run.keepFile
  const copies = createCopies({ keepFile, open, mayWorkLater, againMs, budgetMs, signal })

  async function open(text: string, ends: AbortSignal): Promise<Found> {
    const data = dataIn(text)
    if (data) return { name: data.name, content: data.content.stream() }
    return addresses.fetch(text, mostBytes, ends)
  }

  return {
    /** The output with our own files in it. */
    async kept(output: Json): Promise<{ output: Json; files: readonly StoredFile[] }> {
      // What is one text in pieces holds no files, whatever the pieces look like.
      if (schema.concatenate) return { output, files: [] }
      const found: string[] = []
      withTexts(output, schema, (text, at) => {
        if (isFile(text, at, addresses)) found.push(text)
        return text
      })
      const copied = await copies.of(found)
      const held = await answers.filesIn(output)
      const files = [...held, ...found.flatMap((address) => copied.get(address) ?? [])]
      const kept = withTexts(output, schema, (text, at) => {
        const file = isFile(text, at, addresses) && copied.get(text)
        return file ? fileUri(file) : text
      })
      return { output: kept, files }
    },
    /** The addresses that could not be copied, and why. */
    lost: copies.lost,
  }
}

/** What was refused stays refused; a broken connection, or trouble at the other end, may pass. */
function mayWorkLater(error: unknown): boolean {
  if (error instanceof Trouble)
    return error.kind === 'refused'
      ? error.status === 429 || (error.status ?? 0) >= 500
      : error.kind === 'unreachable' || error.kind === 'cut'
  return isNotFetched(error) && error.passing
}

function isNotFetched(error: unknown): error is NotFetched {
  return error instanceof Error && error.name === 'NotFetched'
}

/** By its schema, or by where it is: one output in twenty-five is not what its schema says. */
function isFile(text: string, schema: ValueSchema | undefined, { isOwn }: Addresses): boolean {
  if (/^data:[\w.+-]+\/[\w.+-]+[;,]/.test(text.slice(0, 200))) return true
  if (!/^https?:\/\/\S+$/.test(text) || text.length > 8_000) return false
  const url = URL.parse(text)
  if (!url) return false
  if (schema?.format === 'uri' || /(?:^|\.)replicate\.delivery$/.test(url.hostname)) return true
  return isOwn(text) && url.pathname.includes('/files/')
}
