/**
 * Decodes an event stream with all line ends as line feeds. Its parser searches for the next carriage
 * return at each line, which takes quadratic time when there is none.
 */
export function createEventStreamDecoder(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder()
  let returned = false
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true })
    if (text === '') return ''
    const rest = returned && text.startsWith('\n') ? text.slice(1) : text
    returned = text.endsWith('\r')
    return rest.replace(/\r\n?/g, '\n')
  }
}
