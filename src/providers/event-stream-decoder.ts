/**
 * The text of a stream of events as its parser reads it in linear time: with line feeds alone. It
 * looks for the next carriage return from each line anew.
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
