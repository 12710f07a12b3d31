import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sniffedBytes, sniffType } from '../../src/files/sniff.ts'

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
  )

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
const comment = `<!-- ${'A long licence. '.repeat(100)} -->`

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const zip = Buffer.from('UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAYQ==', 'base64')

describe('the first bytes tell', () => {
  it.each<[string, string, Uint8Array]>([
    ['a PNG picture', 'image/png', pixel],
    ['a JPEG picture', 'image/jpeg', bytes([255, 216, 255, 224, 0, 16], 'JFIF', [0, 1])],
    ['a WebP picture', 'image/webp', bytes('RIFF', [36, 0, 0, 0], 'WEBPVP8 ')],
    ['a GIF picture that says it is a page', 'image/gif', bytes('GIF89a<script>')],
    ['a PDF', 'application/pdf', bytes('%PDF-1.7\n')],
    ['an MP4 video', 'video/mp4', bytes([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isomiso2')],
    ['WAV sound', 'audio/wav', bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt ')],
    [
      'a TIFF picture whose directory stands at the end',
      'image/tiff',
      bytes('II', [42, 0, 0, 0, 16, 0]),
    ],
    ['another, of the other byte order', 'image/tiff', bytes('MM', [0, 42, 0, 16, 0, 0])],
    ['a ZIP archive', 'application/zip', zip],
    ['a binary file', 'application/octet-stream', bytes([1, 2, 3, 0, 255])],
    ['bytes with a NUL among text', 'application/octet-stream', bytes('hello\0world')],
    ['compressed bytes of no format', 'application/octet-stream', deflateSync('x').subarray(2)],
    ['an empty file', 'text/plain', bytes('')],
    ['text', 'text/plain', bytes('Hello, wörld\n')],
    ['text with a byte order mark', 'text/plain', bytes('\uFEFFHello')],
    ['text in colour', 'text/plain', bytes('\u001b[31mred\u001b[0m')],
    ['JSON', 'application/json', bytes(' {"a": [1]}\n')],
    ['text that begins as JSON does', 'text/plain', bytes('{not json}')],
    ['a number', 'text/plain', bytes('42')],
    ['XML', 'application/xml', bytes('<?xml version="1.0"?><rss></rss>')],
  ])('%s is %s', async (_what, type, content) => {
    expect(await sniffType(content)).toBe(type)
  })

  it.each<[string, string]>([
    ['alone', svg],
    ['after spaces', `\n\t ${svg}`],
    ['after a byte order mark', `\uFEFF${svg}`],
    ['after a comment', `<!-- made by hand -->\n${svg}`],
    ['after an XML declaration', `<?xml version="1.0" encoding="UTF-8"?>\n${svg}`],
    [
      'after a declaration, a comment and a document type',
      `<?xml version="1.0"?>\n<!-- Created with Inkscape -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${svg}`,
    ],
    ['after a long comment', `${comment}${svg}`],
    ['after a declaration and a long comment', `<?xml version="1.0"?>\n${comment}${svg}`],
    ['after many comments', `${'<!---->'.repeat(200)} <!-- a > b -->${svg}`],
    ['in capitals', svg.replace('<svg', '<SVG')],
  ])('an SVG picture %s is image/svg+xml', async (_what, content) => {
    expect(await sniffType(bytes(content))).toBe('image/svg+xml')
  })

  it.each<[string, string]>([
    ['with its document type', '<!DOCTYPE html><p>Hi'],
    ['in capitals', '\n<HTML><BODY>Hi'],
    ['after a comment', '<!-- hi --><html>'],
    ['that is a script', '<script>alert(1)</script>'],
    ['that is a frame', '<iframe src="javascript:alert(1)"></iframe>'],
    ['written as XML', '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"></html>'],
    ['after a long comment', `${comment}<html>`],
  ])('a page %s is text/html', async (_what, content) => {
    expect(await sniffType(bytes(content))).toBe('text/html')
  })

  it('text of two bytes a character is text, never sound', async () => {
    const text = Buffer.from('\uFEFFhello, 猫', 'utf16le')
    expect(await sniffType(text)).toMatch(/^(?:text\/plain|application\/octet-stream)$/)
    expect(await sniffType(text.swap16())).toMatch(/^(?:text\/plain|application\/octet-stream)$/)
  })

  it('text is text even when its last character was cut', async () => {
    const cut = Buffer.from('é'.repeat(sniffedBytes)).subarray(0, sniffedBytes - 1)
    expect(await sniffType(cut)).toBe('text/plain')
  })
})

it('is as fast on comments that lead to nothing', async () => {
  for (const tail of ['x', '<!--', '<!-', '-->'])
    expect(await sniffType(bytes('<!---->'.repeat(500), tail))).toBe('text/plain')
})
