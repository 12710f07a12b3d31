import { open } from 'node:fs/promises'
import type { ModelFile } from 'sandpit/model'

const mostBytes = 2 * 1024 * 1024
const leastWords = 20

/** The text of a file, or of the start of a long one. */
export async function readText({ name, path }: ModelFile): Promise<string> {
  const bytes = await readStart(path)
  const text = decoded(bytes)
  if (text === null)
    throw new Error(`${name} is not plain text in UTF-8. Choose a .txt or .md file.`)
  if ((text.match(/\S+/g) ?? []).length < leastWords)
    throw new Error(`${name} is too short to learn from: give it ${leastWords} words or more.`)
  return text
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    // As a stream, so that a character cut in two at the end is no error.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
