import type { StoredFile } from './domain/file.ts'
import type { ModelRef } from './domain/model.ts'

/** Every URL that Sandpit links to. `base` is the path it is served under: empty, or `/sandpit`. */
export function createPaths(base: string) {
  const path = (...segments: string[]) =>
    `${base}/${segments.map((segment) => encodeURIComponent(segment)).join('/')}`
  return {
    base,
    home: () => path(''),
    model: ({ owner, name }: ModelRef) => path(owner, name),
    modelFile: ({ owner, name }: ModelRef, file: string) => path(owner, name, 'assets', file),
    predictions: () => path('predictions'),
    prediction: (id: string) => path('p', id),
    panel: (id: string) => path('p', id, 'panel'),
    logs: (id: string) => path('p', id, 'logs.txt'),
    output: (id: string) => path('p', id, 'output.txt'),
    cancellation: (id: string) => path('p', id, 'cancellation'),
    deletion: (id: string) => path('p', id, 'deletion'),
    file: ({ ref, name }: Pick<StoredFile, 'ref' | 'name'>) => path('files', ref, name),
    asset: (name: string) => path('assets', ...name.split('/')),
    theme: () => path('theme'),
  }
}

export type Paths = ReturnType<typeof createPaths>
