/** The header of an entry of a tar archive, and the unit in which its content is padded. */
const block = 512

/** Entries that describe the next one: long names, and further attributes. */
const describes = new Set(['x', 'g', 'L', 'K'])

/**
 * The content of the first file in a tar archive; null when there is none. A file that is cut off is none.
 *
 * @see {@link https://www.gnu.org/software/tar/manual/html_node/Standard.html} for the header.
 */
export function firstFile(archive: Uint8Array): Uint8Array | null {
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block)
    const size = numberIn(header.subarray(124, 136))
    const type = String.fromCharCode(header[156] ?? 0)
    const from = at + block
    if (size === null || from + size > archive.length) return null
    if (type === '0' || type === '\0')
      return header[0] === 0 ? null : archive.slice(from, from + size)
    if (!describes.has(type)) return null
    at = from + Math.ceil(size / block) * block
  }
  return null
}

/** A number in octal digits; null for one that is written in another way, as those of 8 GB and more are. */
function numberIn(field: Uint8Array): number | null {
  const text = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim()
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null
}
