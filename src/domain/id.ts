const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const idLength = 26

/** 26 characters of lower-case base32 from at least 16 random bytes: 128 bits that no one can guess. */
export function newId(random: Uint8Array): string {
  let bits = 0n
  for (const byte of random.subarray(0, 16)) bits = (bits << 8n) | BigInt(byte)
  let id = ''
  for (let left = 0; left < idLength; left++) {
    id += alphabet[Number(bits & 31n)]
    bits >>= 5n
  }
  return id
}

export function isId(text: string): boolean {
  return /^[a-z2-7]{26}$/.test(text)
}
