import { createReadStream } from 'node:fs'

/** The text of each object in a file that holds a list of them, or one on each line; as it is read. */
export async function* objectTexts(path: string): AsyncGenerator<string> {
  let text = ''
  let depth = 0
  let inString = false
  let escaped = false
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk.charCodeAt(at)
      if (inString) {
        if (escaped) escaped = false
        else if (character === 0x5c) escaped = true
        else if (character === 0x22) inString = false
      } else if (character === 0x22) inString = true
      else if (character === 0x7b) {
        if (depth === 0) from = at
        depth++
      } else if (character === 0x7d && --depth === 0) {
        yield text + chunk.slice(from, at + 1)
        text = ''
      }
    }
    if (depth > 0) text += chunk.slice(from)
  }
}
