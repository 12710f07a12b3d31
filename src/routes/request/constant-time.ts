import { timingSafeEqual } from 'node:crypto'

/** Compares bytes in a time that does not tell where they differ. */
export function equalBytes(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}
