import { createTurns } from '../../sleep.ts'

/** A file of rows cannot be read. The message is a sentence for the person who sent it. */
export class UnreadableRows extends Error {
  override readonly name = 'UnreadableRows'
}

/** So that no piece takes long to parse, though it has nothing but commas. */
const pieceBytes = 2 * 1024

const wrongEncoding = {
  utf16: 'This file is in UTF-16. Save it as UTF-8: in a spreadsheet, “CSV UTF-8”.',
  other: 'This file is not in UTF-8. Save it as UTF-8: in a spreadsheet, “CSV UTF-8”.',
  zeros: 'This file has NUL characters, so it is no text. Save it as CSV or JSONL in UTF-8.',
  packed: 'This is a workbook or a zip. Save its sheet as CSV, and choose that file.',
}

/** The text of a file in short pieces, with line ends as LF. Throws `UnreadableRows` when it is no UTF-8. */
export async function* textInFile(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  // A line end of two characters may be in two pieces.
  let held = ''
  const turn = createTurns()
  for await (const chunk of content) {
    if (isFirst) refuseOthers(chunk)
    isFirst = false
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const text = held + decoded(decoder, chunk.subarray(at, at + pieceBytes))
      held = text.endsWith('\r') ? '\r' : ''
      yield text.slice(0, text.length - held.length).replaceAll('\r\n', '\n')
      await turn()
    }
  }
  yield held + decoded(decoder)
}

function refuseOthers(beginning: Uint8Array): void {
  const head = Buffer.from(beginning.subarray(0, 1024))
  const mark = head.toString('latin1', 0, 4)
  if (mark.startsWith('PK\x03\x04')) throw new UnreadableRows(wrongEncoding.packed)
  const zeros = head.filter((byte) => byte === 0).length
  if (mark.startsWith('\xff\xfe') || mark.startsWith('\xfe\xff') || zeros > head.length / 4)
    throw new UnreadableRows(wrongEncoding.utf16)
}

function decoded(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    if (bytes?.includes(0)) throw new UnreadableRows(wrongEncoding.zeros)
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch (cause) {
    if (cause instanceof UnreadableRows) throw cause
    throw new UnreadableRows(wrongEncoding.other, { cause })
  }
}
