/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [number, number, number]

/** Lightness 0 to 1, and two axes of hue: equal distances look about equally far apart (Oklab). */
export type Lab = readonly [number, number, number]

export function toLab([r, g, b]: Rgb): Lab {
  const [red, green, blue] = [linear(r), linear(g), linear(b)]
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ]
}

function linear(channel: number): number {
  const part = channel / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

/** The square of how far two colours look apart. */
export function distance(a: Lab, b: Lab): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
}

const lightest = 0.95
const darkest = 0.2
const leastChroma = 0.04

/** Nearly white or nearly black. */
export function isExtreme(pixel: Rgb): boolean {
  const [lightness, a, b] = toLab(pixel)
  return Math.hypot(a, b) < leastChroma && (lightness > lightest || lightness < darkest)
}

export function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

export function fromHex(hex: string): Rgb {
  const at = (start: number) => Number.parseInt(hex.slice(start, start + 2), 16)
  return [at(1), at(3), at(5)]
}
