import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../src/root.ts'

/** Our own modules that a folder may import: values and types, or types alone. */
interface Rule {
  readonly values: readonly string[]
  readonly types?: readonly string[]
}

const everything = ['']
const rules: Readonly<Record<string, Rule>> = {
  'src/domain/': { values: ['src/domain/'] },
  'src/paths.ts': { values: ['src/domain/'] },
  'src/postgres/': { values: ['src/postgres/', 'src/domain/'] },
  'src/store/': {
    values: ['src/store/', 'src/postgres/', 'src/domain/', 'src/memo.ts', 'src/root.ts'],
  },
  'src/changes/': { values: ['src/changes/', 'src/postgres/', 'src/domain/'] },
  'src/search/': {
    values: ['src/search/', 'src/domain/', 'src/sleep.ts'],
    types: ['src/store/'],
  },
  'src/locks/': { values: ['src/locks/', 'src/postgres/', 'src/domain/'] },
  'src/files/': {
    values: ['src/files/', 'src/domain/', 'src/semaphore.ts', 'src/root.ts'],
    types: ['src/config.ts', 'src/locks/'],
  },
  'src/engine/': {
    values: ['src/engine/', 'src/domain/', 'src/sleep.ts'],
    types: ['src/config.ts', 'src/changes/', 'src/locks/', 'src/store/instances.ts'],
  },
  'src/outbound/': { values: ['src/outbound/', 'src/domain/'] },
  'src/providers/': {
    values: ['src/providers/', 'src/domain/', 'src/semaphore.ts', 'src/sleep.ts', 'src/root.ts'],
    types: ['src/config.ts', 'src/engine/', 'src/files/', 'src/outbound/'],
  },
  'src/webhooks/': {
    values: ['src/webhooks/', 'src/domain/', 'src/semaphore.ts'],
    types: ['src/outbound/', 'src/store/', 'src/changes/'],
  },
  'src/sign-in/': {
    values: ['src/sign-in/', 'src/domain/'],
    types: ['src/config.ts', 'src/seal.ts', 'src/store/', 'src/outbound/'],
  },
  'src/runner/': {
    values: ['src/runner/', 'src/domain/', 'src/sleep.ts'],
    types: [
      'src/store/',
      'src/changes/',
      'src/locks/',
      'src/files/',
      'src/providers/',
      'src/outbound/',
      'src/webhooks/',
      'src/seal.ts',
    ],
  },
  'views/': { values: ['views/', 'src/domain/', 'src/paths.ts'] },
  'src/routes/': {
    values: [
      'src/routes/',
      'src/domain/',
      'src/paths.ts',
      'src/memo.ts',
      'src/sleep.ts',
      'views/',
      'src/config.ts',
      'src/files/files.ts',
      'src/webhooks/secret.ts',
    ],
    types: [
      'src/deps.ts',
      'src/store/',
      'src/files/',
      'src/runner/',
      'src/providers/',
      'src/search/',
      'src/sign-in/',
    ],
  },
  'src/deps.ts': { values: [], types: everything },
  'src/app.tsx': {
    values: ['src/routes/', 'src/domain/', 'src/config.ts', 'views/'],
    types: ['src/deps.ts'],
  },
  'src/callback-tokens.ts': { values: [], types: ['src/config.ts', 'src/domain/', 'src/paths.ts'] },
  'src/config/': { values: ['src/config/', 'src/domain/'] },
  'src/config.ts': { values: ['src/config/', 'src/domain/'] },
  'src/data-folder.ts': { values: ['src/folder-access.ts', 'src/domain/'] },
  'src/folder-access.ts': { values: ['src/domain/'] },
  'src/memo.ts': { values: [] },
  'src/seal.ts': { values: [] },
  'src/semaphore.ts': { values: [] },
  'src/sleep.ts': { values: [] },
  'src/idle.ts': { values: [] },
  'src/page-assets.ts': {
    values: ['src/routes/assets.ts', 'src/root.ts', 'views/'],
    types: ['src/deps.ts', 'src/paths.ts'],
  },
  'src/stack.ts': { values: ['src/root.ts', 'src/source-map.ts'] },
  'src/source-map.ts': { values: [] },
  'src/backup.ts': { values: ['src/config.ts'] },
  'src/import/': {
    values: ['src/import/', 'src/store/', 'src/postgres/', 'src/domain/'],
    types: ['src/files/'],
  },
  'src/import.ts': {
    values: ['src/import/', 'src/config.ts', 'src/data-folder.ts', 'src/files/', 'src/locks/'],
  },
  'src/root.ts': { values: [] },
  'src/model.ts': { values: ['src/providers/local/copy/define-model.ts'] },
  'src/main.ts': { values: ['src/root.ts'] },
  'src/server.ts': { values: everything },
  'src/compose.ts': { values: everything },
  'src/follow-changes.ts': {
    values: [],
    types: ['src/store/', 'src/changes/', 'src/runner/options.ts'],
  },
  'src/share-descriptions.ts': {
    values: [],
    types: ['src/providers/', 'src/store/', 'src/runner/', 'src/domain/'],
  },
  'src/database.ts': {
    values: ['src/store/', 'src/changes/', 'src/locks/', 'src/postgres/'],
    types: ['src/config.ts', 'src/runner/options.ts'],
  },
  'models/': { values: ['models/'] },
}

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const files = globSync(['src/**/*.{ts,tsx}', 'views/**/*.{ts,tsx}', 'models/**/*.ts'], {
  cwd: root,
})
const imports = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?([^'";]*?from\s+)?'([^']+)'/gm)
  return [...found].map(([, type, clause = '', to = '']) => ({
    from: file,
    to: to.startsWith('.') ? normalize(join(dirname(file), to)) : to,
    typeOnly: type !== undefined || (/^\{/.test(clause) && onlyTypes(clause)),
  }))
}

function onlyTypes(clause: string): boolean {
  const names = clause
    .replace(/[{}]|from\s*$/g, '')
    .split(',')
    .map((name) => name.trim())
  return names.filter(Boolean).every((name) => name.startsWith('type '))
}

function ruleFor(file: string): Rule | undefined {
  const prefix = Object.keys(rules).find((key) => file.startsWith(key))
  return prefix === undefined ? undefined : rules[prefix]
}

const isOurs = ({ to }: Import) => /^(?:src|views|models|test)\//.test(to)

describe('imports point inward', () => {
  it.each(files)('%s', (file) => {
    const rule = ruleFor(file)
    expect(rule, `${file} is in no folder of the table`).toBeDefined()
    const wrong = imports
      .filter((one) => one.from === file && isOurs(one))
      .filter((one) => {
        const allowed = [...(rule?.values ?? []), ...(one.typeOnly ? (rule?.types ?? []) : [])]
        return !allowed.some((prefix) => one.to.startsWith(prefix))
      })
    expect(wrong.map(({ to }) => to)).toEqual([])
  })
})

/** Each room of the domain, and each file beside them, may import itself and what stands before it. */
const domainOrder = [
  ...[
    'address.ts',
    'collect.ts',
    'error-code.ts',
    'format-bytes.ts',
    'id.ts',
    'accent.ts',
    'loopback.ts',
    'moment.ts',
    'once.ts',
    'timer.ts',
    'unavailable.ts',
  ],
  ...[
    'model-ref.ts',
    'people/',
    'json/',
    'difference/',
    'file/',
    'schema/',
    'form/',
    'output/',
    'prediction/',
  ],
  ...['group/', 'judgement/', 'statistics/'],
  ...['instance/', 'model/', 'snippet/', 'webhook/', 'policy.ts', 'share.ts'],
].map((name) => `src/domain/${name}`)

const roomOf = (file: string) => domainOrder.findIndex((prefix) => file.startsWith(prefix))

describe('rooms of the domain import one way', () => {
  it.each(files.filter((file) => file.startsWith('src/domain/')))('%s', (file) => {
    expect(roomOf(file), `${file} is in no room of the list`).toBeGreaterThanOrEqual(0)
    const back = imports.filter((one) => one.from === file && isOurs(one))
    expect(back.filter(({ to }) => roomOf(to) > roomOf(file)).map(({ to }) => to)).toEqual([])
  })
})

const mostInFolder = 25
/** Their files have numbers and are read one at a time, and only ever become more. */
const numbered = ['src/store/migrations']

it('keeps every folder small enough to be read as a list', () => {
  const folders = new Map<string, number>()
  for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1)
  for (const folder of numbered) folders.delete(folder)
  expect([...folders].filter(([, count]) => count > mostInFolder)).toEqual([])
})

const packagesOf = (prefix: string) =>
  new Set(imports.filter((one) => one.from.startsWith(prefix) && !isOurs(one)).map(({ to }) => to))

it('needs no packages but zod and diff in the domain', () => {
  expect([...packagesOf('src/domain/')].sort()).toEqual(['diff', 'zod'])
})

it('draws from values: no request, no waiting, no clock in views', () => {
  expect([...packagesOf('views/')].sort()).toEqual(['hono/html', 'hono/jsx', 'markdown-it'])
  for (const file of files.filter((name) => name.startsWith('views/')))
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(
      /\bawait\b|Date\.now|new Date\(\)/,
    )
})

it('keeps the domain free of clock and chance', () => {
  for (const file of files.filter((name) => name.startsWith('src/domain/')))
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(
      /Date\.now|new Date\(|Math\.random/,
    )
})

it('imports main from nowhere, and what joins the parts from main alone', () => {
  expect(imports.filter(({ to }) => to === 'src/main.ts')).toEqual([])
  const importers = imports.filter(({ to }) => to === 'src/compose.ts').map(({ from }) => from)
  expect(importers).toEqual(['src/server.ts'])
})

it('compares statuses in the domain alone', () => {
  const status = /[!=]==?\s*'(?:starting|processing|succeeded|failed|canceled|aborted)'/
  const telling = files.filter(
    (name) => !name.startsWith('src/domain/') && !name.startsWith('models/'),
  )
  const found = telling.filter((name) =>
    readFileSync(join(root, name), 'utf8')
      .split('\n')
      .some((line) => status.test(line) && !/\btype\b/.test(line)),
  )
  expect(found).toEqual([])
})

/** Routes for operators alone, and those that check what they find. */
const seesAllModels = [
  ...[
    'request/usable-models.ts',
    'settings.tsx',
    'new-model/decide.ts',
    'new-model/offered-names.ts',
    'metrics/metrics.ts',
  ],
  ...['listed-models.ts', 'model-version.ts', 'version-creation.ts', 'versions.ts'].map(
    (name) => `api/models/${name}`,
  ),
].map((name) => `src/routes/${name}`)

it('finds models for a viewer in one place: usableModels', () => {
  const asking = files.filter((name) => name.startsWith('src/routes/'))
  const found = asking.filter((name) =>
    /runner\.(?:models|findModel|findModelSoon|readModels)\(/.test(
      readFileSync(join(root, name), 'utf8'),
    ),
  )
  expect(found.filter((name) => !seesAllModels.includes(name))).toEqual([])
})

it('lets models see nothing of ours but what is theirs', () => {
  const others = [...packagesOf('models/')].filter((name) => !name.startsWith('node:'))
  const libraries = ['csv-parse', 'sharp', 'uqr']
  expect(others.filter((name) => !libraries.includes(name))).toEqual(['sandpit/model'])
})
