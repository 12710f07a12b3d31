import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { variableNames } from '../src/config/variables.ts'
import { fieldTypes } from '../src/domain/form/fields/index.ts'
import { root } from '../src/root.ts'
import { createApi } from '../src/routes/api/index.ts'
import { createMcp } from '../src/routes/mcp/index.ts'
import { createOpenAi } from '../src/routes/openai/index.ts'
import { createTestApp, type TestApp } from './support/test-app.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = globSync(['*.md', 'docs/**/*.md', 'models/*/README.md'], { cwd: root }).sort()

/** The texts in backticks. */
function codeIn(text: string): Set<string> {
  return new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code))
}

/** The texts in backticks in the first column of the tables. */
function firstColumnsOf(text: string): Set<string> {
  return codeIn([...text.matchAll(/^\|([^|]*)\|/gm)].map(([, cell]) => cell).join('\n'))
}

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md')

  it.each(variableNames)('lists and explains %s, with an example', (name) => {
    expect(firstColumnsOf(text)).toContain(name)
    const [, explained = ''] = text.split(`\n### \`${name}\`\n`)
    const [section = ''] = explained.split(/\n##/)
    if (name !== 'LOG_LEVEL') expect(section).toContain('Example:')
    expect(section).toContain(`\`${name}=`)
  })

  it('explains no variable that is not read', () => {
    const explained = [...text.matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name)
    expect(explained.sort()).toEqual([...variableNames].sort())
  })
})

describe('docs/http.md', () => {
  let sandpit: TestApp
  beforeAll(async () => {
    sandpit = await createTestApp({ providers: () => [] })
  })
  afterAll(() => sandpit.close())

  it('lists every address of the app, and no other', () => {
    const getPath = ({ url }: Request) => new URL(url).pathname
    const apis = [createApi, createOpenAi, createMcp].map((create) => create(sandpit.deps, getPath))
    const routes = [sandpit.app, ...apis]
      .flatMap((app): readonly { method: string; path: string }[] => app.routes)
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
    const listed = [...firstColumnsOf(read('docs/http.md'))].filter((code) =>
      /^[A-Z]+ \//.test(code),
    )
    expect(listed.sort()).toEqual([...new Set(routes)].sort())
  })
})

describe('docs/models.md', () => {
  const listed = firstColumnsOf(read('docs/models.md'))

  it.each(fieldTypes.map(({ kind }) => kind))('says which inputs get the field %s', (kind) => {
    expect(listed).toContain(kind)
  })

  it.each(keysOfRecord('views/outputs/index.tsx'))('says what is shown as %s', (kind) => {
    expect(listed).toContain(kind)
  })

  it.each(membersOf('src/providers/local/copy/define-model.ts', 'ModelDefinition'))(
    'explains what defineModel takes as %s',
    (member) => expect(listed).toContain(member),
  )

  it.each(membersOf('src/providers/local/copy/define-model.ts', 'RunContext'))(
    'explains ctx.%s',
    (member) => {
      expect([...listed].some((code) => new RegExp(`^ctx\\.${member}\\b`).test(code))).toBe(true)
    },
  )
})

describe('docs/providers.md', () => {
  const listed = firstColumnsOf(read('docs/providers.md'))

  it.each(membersOf('src/providers/provider.ts', 'Provider'))('explains %s', (member) => {
    expect([...listed].some((code) => new RegExp(`^${member}\\b`).test(code))).toBe(true)
  })
})

/** The names of the members of an interface, from its source: types are gone when a test runs. */
function membersOf(path: string, name: string): string[] {
  const [, declared = ''] = read(path).split(
    new RegExp(`\\ninterface ${name}\\b|export interface ${name}\\b`),
  )
  const [body = ''] = declared.split('\n}')
  const names = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(
    ([, member = '']) => member,
  )
  expect(names.length, `${path} declares ${name}`).toBeGreaterThan(1)
  return names
}

/** The keys of the one record of renderers in a view's index: the compiler sees that none is left out. */
function keysOfRecord(path: string): string[] {
  const keys = [...read(path).matchAll(/^ {2}(\w+): \w+Output,$/gm)].map(([, key = '']) => key)
  expect(keys.length, `${path} lists renderers`).toBeGreaterThan(1)
  return keys
}

describe('every page', () => {
  it('of docs/ is linked from the README or from docs/README.md', () => {
    const linked = ['README.md', 'docs/README.md'].flatMap((page) =>
      linksIn(page).map(({ file }) => file),
    )
    const docs = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(docs.filter((page) => !linked.includes(page))).toEqual([])
  })

  it.each(pages)('%s links to what is there', (page) => {
    const broken = linksIn(page).filter(({ file, anchor }) => {
      if (!existsSync(join(root, file))) return true
      return anchor !== '' && !anchorsOf(file).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it.each(pages)('%s names only files that are there, and what is in them', (page) => {
    const wrong = pointersIn(page).filter(({ file, name }) => {
      if (!existsSync(join(root, file))) return true
      return name !== undefined && !new RegExp(`\\b${name}\\b`).test(read(file))
    })
    expect(wrong).toEqual([])
  })

  it.each(pages.filter((page) => page.startsWith('docs/decisions/')))('%s is short', (page) => {
    const lines = read(page).split('\n')
    expect(lines.length).toBeLessThan(60)
    expect(lines).toContain('## The alternatives')
    expect(lines).toContain('## When to revisit')
  })
})

/** Files that CONTRIBUTING.md tells its reader to make. */
const toBeMade = /email|about/

/** The files that a page names as code, such as `src/app.tsx`, or `src/app.tsx#createApp`. */
function pointersIn(page: string) {
  return [...codeIn(read(page))]
    .map((code) =>
      /^((?:src|views|models|test|bench|public|docs)\/[\w./-]+\.\w+)(?:#(\w+))?$/.exec(code),
    )
    .flatMap((found) => (found ? [{ file: found[1] ?? '', name: found[2] }] : []))
    .filter(({ file }) => !(page === 'CONTRIBUTING.md' && toBeMade.test(file)))
    .filter(({ file }) => !file.includes('/NAME/'))
}

interface Link {
  /** From the root of the repository. */
  readonly file: string
  readonly anchor: string
}

/** The links of a page to files of ours. */
function linksIn(page: string): Link[] {
  const text = read(page).replace(/```[\s\S]*?```/g, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#')
      const file = path === '' ? page : relative(root, join(root, dirname(page), path))
      return { file, anchor }
    })
}

/** The anchors of a page's headings, as a forge makes them. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s+/g, '-'),
  )
}

describe('docs/operate.md', () => {
  const providers = ['local', 'cog', 'gradio', 'replicate'].map(
    (name) => `src/providers/${name}/${name}.ts`,
  )
  const own = ['src/server.ts', 'src/data-folder.ts'].map(read).join()
  const names = [
    ...own.matchAll(/join\((?:config\.data|folder|data), '([\w.]+)'\)/g),
    ...providers
      .map(read)
      .join()
      .matchAll(/join\(config\.data, '([\w.]+)'\)/g),
  ]

  it.each(names.map(([, name = '']) => name))('says what %s in the data folder is', (name) => {
    const listed = firstColumnsOf(read('docs/operate.md'))
    expect(listed.has(name) || listed.has(`${name}/`)).toBe(true)
  })
})

describe('README.md', () => {
  const lines = read('README.md').split('\n')

  it('fits on 90 lines', () => {
    expect(lines.length).toBeLessThanOrEqual(91)
  })

  it('has the two commands', () => {
    expect(lines).toContain('npm ci && npm start')
    expect(lines).toContain('npm ci && npm test')
  })
})

it('keeps what is not released yet in the changelog', () => {
  expect(read('CHANGELOG.md').split('\n')).toContain('## [Unreleased]')
})
