import { describe, expect, it } from 'vitest'
import {
  imageName,
  imageText,
  isImageName,
  isPinnedImage,
  placeOf,
} from '../../../../src/domain/model/addresses/image-name.ts'

const sha = `sha256:${'0a'.repeat(32)}`

describe('the name of an image', () => {
  it.each([
    ['alpine', null, 'alpine', null, null],
    ['ann/video:2', null, 'ann/video', '2', null],
    [`r8.im/ann/video@${sha}`, 'r8.im', 'ann/video', null, sha],
    ['localhost:5000/x:latest', 'localhost:5000', 'x', 'latest', null],
    ['localhost/x', 'localhost', 'x', null, null],
    ['gpu-1:5000/ann/video', 'gpu-1:5000', 'ann/video', null, null],
    [' ghcr.io/a/b/c:v1.0_x ', 'ghcr.io', 'a/b/c', 'v1.0_x', null],
    [`x:1@${sha}`, null, 'x', '1', sha],
  ])('%s', (text, registry, repository, tag, digest) => {
    expect(imageName(text)).toEqual({ registry, repository, tag, digest })
  })

  it.each([
    '',
    'Ann/video',
    'a//b',
    '-x',
    'x:',
    'x@sha256:1',
    `x@${sha}@${sha}`,
    'a b',
    'x'.repeat(600),
    '../x',
    'x/../y',
  ])('is none of “%s”', (text) => expect(imageName(text)).toBeNull())

  it.each([
    ['ann/video', false],
    ['ann/video:1', true],
    ['r8.im/ann/video', true],
  ])('is told from that of a model by its registry, tag or digest: %s', (text, expected) => {
    expect(isImageName(text)).toBe(expected)
  })

  it.each([
    ['localhost:5000/video:2', true],
    [`127.0.0.1:5000/ann/video@${sha}`, true],
    ['localhost:5000/video', false],
    ['gpu-2:5000', false],
    ['ann/video:1', false],
  ])('is no address with a registry and a tag or digest: %s', (text, expected) => {
    expect(isPinnedImage(text)).toBe(expected)
  })

  it.each([
    ['alpine', 'alpine:latest', 'registry-1.docker.io', 'library/alpine'],
    ['ann/video:1', 'ann/video:1', 'registry-1.docker.io', 'ann/video'],
    [`r8.im/ann/video@${sha}`, `r8.im/ann/video@${sha}`, 'r8.im', 'ann/video'],
  ])('says where it is asked for: %s', (text, whole, host, repository) => {
    const name = imageName(text)
    expect(name && [imageText(name), placeOf(name)]).toEqual([whole, { host, repository }])
  })
})
