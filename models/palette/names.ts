import { distance, fromHex, type Lab, type Rgb, toLab } from './colour.ts'

/** A common name for a colour. */
const named = Object.entries({
  white: '#fbfbfa',
  ivory: '#f4efdf',
  silver: '#c6c7c8',
  grey: '#8b8b8b',
  slate: '#5b6670',
  charcoal: '#3b3d40',
  black: '#0b0b0c',
  cream: '#f6e3b4',
  sand: '#d9bf8f',
  tan: '#b98d5a',
  brown: '#7d4f2a',
  chocolate: '#4a2c1a',
  umber: '#2c1c13',
  peach: '#f7c59b',
  apricot: '#f0a45d',
  orange: '#ee7d20',
  rust: '#b4501f',
  terracotta: '#c66a4a',
  coral: '#f07a66',
  red: '#d32a24',
  crimson: '#a3142c',
  maroon: '#641320',
  pink: '#f2a9bd',
  rose: '#d95f85',
  magenta: '#c4218f',
  lilac: '#c9b1dd',
  violet: '#7f4fb5',
  purple: '#5a2378',
  plum: '#3f2140',
  indigo: '#35308f',
  navy: '#152449',
  blue: '#2458c7',
  azure: '#3b8fe3',
  sky: '#93c7ec',
  ice: '#d9ebf3',
  cyan: '#30c3d6',
  teal: '#14777d',
  petrol: '#0d3d47',
  aqua: '#9fdcd2',
  mint: '#a8dfb4',
  green: '#2f9444',
  forest: '#1c4f2c',
  lime: '#a5d12c',
  moss: '#6d7a35',
  olive: '#4d5020',
  sage: '#a4b091',
  yellow: '#f5df3d',
  gold: '#dba520',
  mustard: '#b0861b',
  lemon: '#f7f09a',
}).map(([name, hex]) => ({ name, place: placeOf(fromHex(hex)) }))

/** The name of the nearest colour that has one. */
export function nameOf(rgb: Rgb): string {
  const place = placeOf(rgb)
  const near = named.map(({ name, place: known }) => ({ name, away: distance(place, known) }))
  return near.reduce((nearest, next) => (next.away < nearest.away ? next : nearest)).name
}

/** A name says more of the hue than of how light it is. */
function placeOf(rgb: Rgb): Lab {
  const [lightness, a, b] = toLab(rgb)
  return [lightness, 2 * a, 2 * b]
}
