import { describe, expect, it } from 'vitest'
import { mediaType, upstreamType } from '../../../src/domain/file/media-type.ts'

describe('the type of a file', () => {
  it.each([
    ['text/plain', 'table.csv', 'text/csv'],
    ['text/plain', 'TABLE.CSV', 'text/csv'],
    ['text/plain', 'film.srt', 'application/x-subrip'],
    ['text/plain', 'chair.obj', 'model/obj'],
    ['text/plain', 'large.json', 'application/json'],
    ['text/plain', 'README.md', 'text/markdown'],
    ['application/json', 'map.geojson', 'application/geo+json'],
    ['application/octet-stream', 'scan.tiff', 'image/tiff'],
    ['application/octet-stream', 'noise.mp3', 'audio/mpeg'],
    ['audio/x-m4a', 'song.m4a', 'audio/mp4'],
    ['video/matroska', 'film.mkv', 'video/x-matroska'],
    ['video/vnd.avi', 'film.avi', 'video/x-msvideo'],
    ['audio/ogg; codecs=opus', 'song.opus', 'audio/ogg'],
    ['application/zip', 'shoe.usdz', 'model/vnd.usdz+zip'],
  ])('%s called %s is %s', (sniffed, name, type) => {
    expect(mediaType(sniffed, name)).toBe(type)
  })

  it.each([
    ['text/plain', 'page.html'],
    ['text/plain', 'app.js'],
    ['text/plain', 'style.css'],
    ['text/plain', 'drawing.svg'],
    ['text/plain', 'song.wav'],
    ['text/html', 'page.csv'],
    ['image/svg+xml', 'drawing.json'],
    ['image/png', 'photo.csv'],
    ['image/jpeg', 'photo.tiff'],
    ['video/mp4', 'film.mkv'],
    ['application/octet-stream', 'data.csv'],
    ['application/octet-stream', 'photo.png'],
    ['application/zip', 'photos.json'],
    ['application/octet-stream', 'constructor'],
    ['text/plain', ''],
  ])('%s stays what it is when it is called %s', (sniffed, name) => {
    expect(mediaType(sniffed, name)).toBe(sniffed)
  })

  it('is told to others as Python knows it', () => {
    expect(upstreamType({ type: 'audio/wav', name: 'a.wav' })).toBe('audio/x-wav')
    expect(upstreamType({ type: 'audio/wav', name: 'a' })).toBe('audio/x-wav')
    expect(upstreamType({ type: 'text/plain', name: 'kept-before.csv' })).toBe('text/csv')
    expect(upstreamType({ type: 'audio/ogg; codecs=opus', name: 'a.ogg' })).toBe('audio/ogg')
  })
})
