/**
 * `412 KB`, `1.9 MB`, in powers of 1024, as configurations give sizes. Scripts of pages use this function, too, copied
 * from its source, so it refers to nothing outside of itself.
 */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  let size = bytes
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${size.toFixed(unit === 0 || size >= 9.95 ? 0 : 1)} ${units[unit]}`
}
