import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefix = 'sandpit_'
const randomLength = 30
const checkLength = 6

const form = /^sandpit_[0-9A-Za-z]{36}$/

/**
 * A new personal API token: `sandpit_`, 30 random digits of base62, and 6 with their CRC-32. It is
 * selected whole by a double click, and found by scanners for secrets.
 */
export function newTokenText(): string {
  const drawn = Array.from({ length: randomLength }, () => digits.charAt(randomInt(digits.length)))
  const random = drawn.join('')
  return prefix + random + checkOf(random)
}

/** Whether a text is meant to be a personal token. */
export function looksPersonal(text: string): boolean {
  return text.startsWith(prefix)
}

/** Whether a text can be one: the checksum tells a mistyped one without a look at the store. */
export function isTokenText(text: string): boolean {
  if (!form.test(text)) return false
  const random = text.slice(prefix.length, -checkLength)
  return text.endsWith(checkOf(random))
}

function checkOf(random: string): string {
  let left = crc32(random)
  let written = ''
  while (written.length < checkLength) {
    written = digits.charAt(left % digits.length) + written
    left = Math.floor(left / digits.length)
  }
  return written
}
