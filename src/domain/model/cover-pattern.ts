/** A picture of 3 by 2 as SVG, under 1 KB: the same one for a name at any time. */
export function coverPattern(name: string): string {
  const next = numbersOf(name)
  const colours = pick(palettes, next)
  const draw = pick<Motif>([layers, pits, rings], next)
  const [ground] = colours
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 48" width="720" height="480"><path fill="${ground}" d="M0 0h72v48H0z"/>${draw(colours, next)}</svg>`
}

/** Ground, a tone of the ground, and two accents. */
type Palette = readonly [ground: string, tone: string, accent: string, light: string]

const palettes: readonly [Palette, ...Palette[]] = [
  ['#9fc5c1', '#76aaa5', '#115a62', '#f3ede0'],
  ['#33233f', '#4f3c60', '#d9472b', '#f2c230'],
  ['#0e2530', '#1d4552', '#f2c230', '#9fc5c1'],
  ['#d9472b', '#b5361f', '#f2c230', '#f3ede0'],
  ['#e9e2d2', '#d3c8b1', '#16578f', '#d9472b'],
  ['#17392f', '#2c5a4b', '#f6b63c', '#e9e6da'],
]

/** A whole number from `least` to `most`. */
type Numbers = (least: number, most: number) => number

type Motif = (palette: Palette, next: Numbers) => string

/** Layers of sand under a disc. */
function layers([, tone, accent, light]: Palette, next: Numbers): string {
  const disc = `<circle cx="${next(14, 58)}" cy="${next(10, 17)}" r="${next(5, 9)}" fill="${accent}"/>`
  const bands = [
    `fill="${light}" opacity=".35"`,
    `fill="${tone}"`,
    `fill="${accent}" opacity=".85"`,
    `fill="${light}"`,
  ]
  return bands.reduce((drawn, paint, index) => {
    const wave = `q18 ${-next(3, 7)} 36 0t36 ${next(-4, 4)}`
    return `${drawn}<path ${paint} d="M0 ${22 + index * 7 + next(-2, 2)}${wave}V48H0z"/>`
  }, disc)
}

/** Pits that are filled to levels. */
function pits([, , accent, light]: Palette, next: Numbers): string {
  const places = Array.from({ length: 24 }, (_, index) => ({
    x: 6 + (index % 6) * 10.4,
    y: 5.5 + Math.floor(index / 6) * 10,
    level: Math.max(0, next(-1, 6)),
  }))
  const sand = places
    .filter(({ level }) => level > 0)
    .map(({ x, y, level }) => `M${short(x)} ${y + 7}v-${level}h8v${level}z`)
  const pit = places.map(({ x, y }) => `M${short(x)} ${y}v7h8v-7`)
  return `<path fill="${light}" d="${sand.join('')}"/><path fill="none" stroke="${accent}" d="${pit.join('')}"/>`
}

/** Raked sand around two stones. */
function rings([, tone, accent, light]: Palette, next: Numbers): string {
  const large = { x: next(18, 54), y: next(16, 32) }
  const small = { x: (large.x + next(26, 44)) % 72, y: next(10, 38) }
  const around = Array.from({ length: 11 }, (_, index) => circle(large, 7 + index * 5))
  const close = [5, 9, 13].map((radius) => circle(small, radius))
  const stones = [circle(large, 4.5, accent), circle(small, 2.5, light)]
  const rakes = [...around, ...close].join('')
  return `<g fill="none" stroke="${tone}" stroke-width="1.4">${rakes}</g>${stones.join('')}`
}

function circle({ x, y }: { readonly x: number; readonly y: number }, r: number, fill?: string) {
  return `<circle cx="${x}" cy="${y}" r="${r}"${fill === undefined ? '' : ` fill="${fill}"`}/>`
}

function short(value: number): number {
  return Math.round(value * 10) / 10
}

function pick<T>(items: readonly [T, ...T[]], next: Numbers): T {
  return items[next(0, items.length - 1)] ?? items[0]
}

/** A sequence of numbers that depends on the text alone: its FNV-1a hash, mixed for each number. */
function numbersOf(text: string): Numbers {
  let state = fnv1a(text)
  return (least, most) => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return least + (((mixed ^ (mixed >>> 16)) >>> 0) % (most - least + 1))
  }
}

/** The 32-bit hash of Fowler, Noll and Vo over the UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return hash
}
