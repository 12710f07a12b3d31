/** A file of rows cannot be read. The message is a sentence for the person who sent it. */
export class UnreadableRows extends Error {
  override readonly name = 'UnreadableRows'
}

/** So that no piece takes long to parse. */
const pieceBytes = 16 * 1024

const wrongEncoding = {
  utf16: 'This file is in UTF-16. Save it as UTF-8: in a spreadsheet, “CSV UTF-8”.',
  other: 'This file is not in UTF-8. Save it as UTF-8: in a spreadsheet, “CSV UTF-8”.',
  packed: 'This is a workbook or a zip. Save its sheet as CSV, and choose that file.',
}

/** The text of a file in short pieces, with line ends as LF. Throws `UnreadableRows` when it is no UTF-8. */
export async function* textInFile(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  // A line end of two characters may be in two pieces.
  let held = ''
  for await (const chunk of content) {
    if (isFirst) refuseOthers(chunk)
    isFirst = false
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const text = held + decoded(decoder, chunk.subarray(at, at + pieceBytes))
      held = text.endsWith('\r') ? '\r' : ''
      yield text.slice(0, text.length - held.length).replaceAll('\r\n', '\n')
    }
  }
  yield held + decoded(decoder)
}

function refuseOthers(beginning: Uint8Array): void {
  const head = Buffer.from(beginning.subarray(0, 1024))
  const mark = head.toString('latin1', 0, 4)
  if (mark.startsWith('\xff\xfe') || mark.startsWith('\xfe\xff') || head.includes(0, 0))
    throw new UnreadableRows(mark.startsWith('PK') ? wrongEncoding.packed : wrongEncoding.utf16)
  if (mark.startsWith('PK\x03\x04')) throw new UnreadableRows(wrongEncoding.packed)
}

function decoded(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch (cause) {
    throw new UnreadableRows(wrongEncoding.other, { cause })
  }
}
