const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** 26 characters of lower-case base32 from at least 16 random bytes: 128 bits that no one can guess. */
export function newId(random: Uint8Array): string {
  let id = ''
  let bits = 0
  let count = 0
  // From the last byte to the first, each from its lowest bit.
  for (let at = 15; at >= 0; at--) {
    bits |= (random[at] ?? 0) << count
    count += 8
    for (; count >= 5; count -= 5) {
      id += alphabet[bits & 31]
      bits >>>= 5
    }
  }
  return id + alphabet[bits & 31]
}

export function isId(text: string): boolean {
  return /^[a-z2-7]{26}$/.test(text)
}
