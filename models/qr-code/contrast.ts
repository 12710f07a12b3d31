import type { Wishes } from './model.ts'

/** Below this, a scanner cannot be trusted to tell one from the other. */
const leastContrast = 3

/** Refuses colours that no scanner tells apart; warns of those that some do not read. */
export function checkColours({ dark, light }: Pick<Wishes, 'dark' | 'light'>): string | null {
  const [inked, bare] = [luminance(dark), luminance(light)]
  const contrast = (Math.max(inked, bare) + 0.05) / (Math.min(inked, bare) + 0.05)
  if (contrast < leastContrast)
    throw new Error(
      `No scanner can tell ${dark} from ${light}. Choose a darker dark or a lighter light.`,
    )
  return inked > bare ? 'Dark is lighter than light: some scanners cannot read that.' : null
}

/** How bright a colour is, 0 to 1. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = channels.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
