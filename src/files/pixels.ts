import { open } from 'node:fs/promises'
import { BMP } from 'image-size/types/bmp'
import { GIF } from 'image-size/types/gif'
import { HEIF } from 'image-size/types/heif'
import { JPG } from 'image-size/types/jpg'
import { PNG } from 'image-size/types/png'
import { WEBP } from 'image-size/types/webp'
import type { Pixels } from '../domain/file/file.ts'
import { sniffedBytes } from './sniff.ts'

/** By media type: the pictures that browsers show. An SVG has no pixels. */
const readers = new Map([
  ['image/avif', HEIF],
  ['image/apng', PNG],
  ['image/bmp', BMP],
  ['image/gif', GIF],
  ['image/jpeg', JPG],
  ['image/png', PNG],
  ['image/webp', WEBP],
])

/** In a JPEG, a preview and a colour profile may precede the size. Other formats begin with it. */
const mostJpegBytes = 256 * 1024

/** Larger than the pictures of any encoder: such a size is made up. */
const mostPixels = 1_000_000

/** The size of a picture, from its first bytes; null when they do not contain it. */
export async function pixelsIn(path: string, type: string): Promise<Pixels | null> {
  const reader = readers.get(type)
  if (!reader) return null
  const head = await headOf(path, type === 'image/jpeg' ? mostJpegBytes : sniffedBytes)
  try {
    const { width, height, orientation = 1 } = reader.calculate(head)
    if (![width, height].every(isCount)) return null
    // The orientations from 5 on swap width and height.
    return orientation >= 5 ? { width: height, height: width } : { width, height }
  } catch {
    return null
  }
}

async function headOf(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(most), 0, most, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count > 0 && count < mostPixels
}
