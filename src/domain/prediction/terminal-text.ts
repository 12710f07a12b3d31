const start = '\u001b'
const back = '\b'

/** Escape sequences of a terminal, and the text between them. */
const tokens =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what orders a terminal about is control characters
  /[\r\n\u0008]|\u001b\[([\d;?]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[^\r\n\u0008\u001b]+|\u001b/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const orders = /[\r\u0008\u001b]/

/** Longer lines, in UTF-16 units, are replaced and not overwritten: they are no progress bars. */
const longestOverwritten = 4_000

interface Screen {
  readonly lines: string[]
  row: number
  column: number
}

/**
 * Logs as a terminal shows them: of an overwritten line, such as a progress bar, the last state,
 * without colours and cursor movements.
 */
export function terminalText(logs: string): string {
  if (!orders.test(logs)) return logs
  const screen: Screen = { lines: [''], row: 0, column: 0 }
  for (const [token, parameters, order] of logs.replaceAll('\r\n', '\n').matchAll(tokens))
    take(screen, token, parameters ?? '', order)
  return screen.lines.join('\n')
}

function take(screen: Screen, token: string, parameters: string, order: string | undefined): void {
  const count = Math.max(1, Number.parseInt(parameters, 10) || 1)
  if (token === '\r') screen.column = 0
  else if (token === '\n') nextLine(screen)
  else if (token === back) screen.column = Math.max(0, screen.column - 1)
  else if (order === 'A') screen.row = Math.max(0, screen.row - count)
  else if (order === 'B') screen.row = Math.min(screen.lines.length - 1, screen.row + count)
  else if (order === 'K') erase(screen, parameters)
  else if (!token.startsWith(start)) write(screen, token)
}

function nextLine(screen: Screen): void {
  screen.row++
  screen.column = 0
  if (screen.row === screen.lines.length) screen.lines.push('')
}

/** To the end of the line, or all of it. */
function erase({ lines, row, column }: Screen, parameters: string): void {
  const line = lines[row] ?? ''
  if (parameters === '2') lines[row] = ''
  else if (column < line.length && parameters !== '1') lines[row] = line.slice(0, column)
}

function write(screen: Screen, text: string): void {
  const { lines, row } = screen
  const line = lines[row] ?? ''
  if (screen.column >= line.length) lines[row] = line + text
  else if (line.length <= longestOverwritten)
    lines[row] = line.slice(0, screen.column) + text + line.slice(screen.column + text.length)
  else {
    lines[row] = text
    screen.column = 0
  }
  screen.column = Math.min(screen.column, line.length) + text.length
}
