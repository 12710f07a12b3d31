/** A colour of sRGB, each part from 0 to 255. */
type Colour = readonly [red: number, green: number, blue: number]

/** The papers of the light and the dark theme, on which the accent is read. */
const papers = { light: [253, 252, 250], dark: [18, 17, 16] } as const
/** The least contrast of text (WCAG 2.2, AA). */
const leastContrast = 4.5

/** The colour of a text such as `b5371f` or `#b5371f`; null for any other. */
export function parseColour(text: string): Colour | null {
  const digits = /^#?([0-9a-f]{6})$/i.exec(text)?.[1]
  if (digits === undefined) return null
  const value = Number.parseInt(digits, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/**
 * The rule that makes a colour the accent of a page. Where it would not be read on the paper, or nothing on it,
 * a darker or lighter one takes its place.
 */
export function accentRule(accent: Colour): string {
  const onAccent = contrast(accent, [0, 0, 0]) >= leastContrast ? '#000' : '#fff'
  const [light, dark] = [readable(accent, papers.light, 0), readable(accent, papers.dark, 255)]
  return `:root{--sand:${hex(accent)};--on-sand:${onAccent};--ochre:light-dark(${hex(light)},${hex(dark)})}`
}

/** The nearest colour on the way to black or white that is read on a paper. */
function readable(colour: Colour, paper: Colour, end: 0 | 255): Colour {
  for (let step = 0; step < 20; step++) {
    const mixed = mix(colour, end, step / 20)
    if (contrast(mixed, paper) >= leastContrast) return mixed
  }
  return [end, end, end]
}

function mix([red, green, blue]: Colour, end: number, share: number): Colour {
  const part = (from: number) => Math.round(from + (end - from) * share)
  return [part(red), part(green), part(blue)]
}

/** The contrast of two colours as WCAG defines it, from 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance([red, green, blue]: Colour): number {
  const linear = (part: number) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function hex([red, green, blue]: Colour): string {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
