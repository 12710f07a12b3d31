import sharp from 'sharp'

type Squares = readonly (readonly boolean[])[]

/** Bytes of text and all, of the codes that are not interleaved. */
const dataBytes: Readonly<Record<string, readonly number[]>> = {
  L: [19, 34, 55, 80, 108],
  M: [16, 28, 44],
  Q: [13, 22],
  H: [9, 16],
}

const corrections = ['M', 'L', 'H', 'Q'] as const

/**
 * Reads a picture of a small QR code as a scanner does, with a quiet eye: from the squares
 * themselves, and with no help from what drew them.
 */
export async function readQrCode(bytes: Buffer) {
  const squares = await squaresIn(bytes)
  const version = (squares.length - 17) / 4
  const format = (bitsAt(squares, formatPlaces) ^ 0b101010000010010) >> 10
  const correction = corrections[format >> 3] ?? 'M'
  const length = dataBytes[correction]?.[version - 1]
  if (length === undefined) throw new Error(`Version ${version} is too large to read here`)
  return { correction, text: textIn(dataOf(squares, format & 7), length) }
}

/** The code without its margin, a square for each of the smallest dark steps. */
async function squaresIn(bytes: Buffer): Promise<Squares> {
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .greyscale()
    .threshold(128)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const isDark = (x: number, y: number) => data[y * info.width + x] === 0
  const edge = data.indexOf(0) % info.width
  let finder = 0
  while (isDark(edge + finder, edge)) finder++
  const square = finder / 7
  const across = Math.round((info.width - 2 * edge) / square)
  return range(across).map((y) =>
    range(across).map((x) =>
      isDark(edge + Math.floor((x + 0.5) * square), edge + Math.floor((y + 0.5) * square)),
    ),
  )
}

/** Around the upper left eye. */
const formatPlaces: readonly (readonly [x: number, y: number])[] = [
  ...range(6).map((x) => [x, 8] as const),
  ...([
    [7, 8],
    [8, 8],
    [8, 7],
  ] as const),
  ...range(6).map((y) => [8, 5 - y] as const),
]

function bitsAt(squares: Squares, places: typeof formatPlaces): number {
  return places.reduce((bits, [x, y]) => (bits << 1) | Number(squares[y]?.[x]), 0)
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** Two columns at a time, from the right, up and down in turns, past what is no data. */
function dataOf(squares: Squares, mask: number): boolean[] {
  const across = squares.length
  const bits: boolean[] = []
  let upward = true
  for (let right = across - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (const step of range(across)) {
      const y = upward ? across - 1 - step : step
      for (const x of [right, right - 1])
        if (!isFixed(x, y, across)) bits.push(squares[y]?.[x] !== masks[mask]?.(x, y))
    }
    upward = !upward
  }
  return bits
}

function isFixed(x: number, y: number, across: number): boolean {
  const eyes = (x < 9 && y < 9) || (x < 9 && y >= across - 8) || (x >= across - 8 && y < 9)
  const last = across - 7
  const small = across > 21 && Math.abs(x - last) <= 2 && Math.abs(y - last) <= 2
  return eyes || small || x === 6 || y === 6
}

function textIn(bits: readonly boolean[], length: number): string {
  const take = (from: number, count: number) =>
    bits.slice(from, from + count).reduce((number, bit) => number * 2 + Number(bit), 0)
  if (take(0, 4) !== 0b0100) throw new Error('Only codes of bytes are read here')
  const bytes = take(4, 8)
  if (bytes > length - 2) throw new Error('It says that it holds more than it can')
  return Buffer.from(range(bytes).map((i) => take(12 + 8 * i, 8))).toString()
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
