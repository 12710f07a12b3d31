/**
 * Joins CRC-32 checksums of gzip, as zlib’s `crc32_combine` does, which Node does not export.
 * @module
 */

/** The polynomial of the checksum. The highest bit of a number is the coefficient of x⁰. */
const polynomial = 0xedb88320
const one = 0x80000000

/** The factor by which the checksum of a text grows when `bytes` follow it: x to the power of their bits. */
export function checksumShift(bytes: number): number {
  let shift = one
  let power = one >>> 8
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiplied(shift, power)
    power = multiplied(power, power)
  }
  return shift
}

/** The checksum of two texts after each other. `shift` is `checksumShift` of the second one’s length. */
export function joinedChecksum(first: number, second: number, shift: number): number {
  return (multiplied(first, shift) ^ second) >>> 0
}

/** The product of two polynomials, modulo the one of the checksum. */
function multiplied(left: number, right: number): number {
  let product = 0
  let shifted = right
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted
    shifted = (shifted >>> 1) ^ ((shifted & 1) === 0 ? 0 : polynomial)
  }
  return product >>> 0
}
