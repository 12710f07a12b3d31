/**
 * Fails on regular expressions that can take more than linear time: part of `npm run lint`. It checks
 * all literals, and `RegExp` of constant texts; a `RegExp` of any other text cannot be checked, and
 * fails.
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, type Diagnostics } from 'recheck'
import { type ESTree, parseSync, Visitor } from 'vite'
import { root } from '../src/root.ts'

const looked = ['src', 'views', 'models', 'public'].map((folder) => `${folder}/**/*.{ts,tsx,js}`)

/** Searches are limited by their length and not by time, so a busy machine finds the same. */
const limits = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
  attackLimit: 100_000_000,
}

interface Found {
  /** `src/domain/file/file.ts:48` */
  readonly place: string
  /** Null when its text is not constant. */
  readonly pattern: string | null
  readonly flags: string
}

const found = globSync(looked, { cwd: root }).sort().flatMap(expressionsIn)
// The first check starts the process that checks; those at the same time would start one each.
await check('', '', limits)
const faults = (await Promise.all(found.map(faultsOf))).flat()
if (faults.length > 0) console.error(faults.join('\n'))
else console.log(`Looked at ${found.length} regular expressions: each takes linear time.`)
// The checker leaves a process running.
process.exit(faults.length > 0 ? 1 : 0)

function expressionsIn(file: string): Found[] {
  const text = readFileSync(join(root, file), 'utf8')
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`)
  const found: Found[] = []
  const placeOf = ({ start }: ESTree.Span) => `${file}:${text.slice(0, start).split('\n').length}`
  const made = (node: ESTree.NewExpression | ESTree.CallExpression) => {
    if (node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return
    const [pattern, flags] = node.arguments
    const known = flags === undefined ? '' : constantText(flags)
    const source = known === null ? null : constantText(pattern)
    found.push({ place: placeOf(node), pattern: source, flags: known ?? '' })
  }
  new Visitor({
    Literal(node) {
      if ('regex' in node) found.push({ place: placeOf(node), ...node.regex })
    },
    NewExpression: made,
    CallExpression: made,
  }).visit(program)
  return found
}

function constantText(node: ESTree.Argument | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return null
  return node.quasis[0]?.value.cooked ?? null
}

async function faultsOf({ place, pattern, flags }: Found): Promise<string[]> {
  if (pattern === null)
    return [`${place}: RegExp is made of a text that is not constant: write it as a literal.`]
  const result = await check(pattern, flags, limits)
  return result.status === 'safe' ? [] : [`${place}: /${pattern}/${flags} ${sentenceOf(result)}`]
}

/** Expressions that recheck cannot decide fail, too: write a simpler one, or none. */
function sentenceOf(result: Exclude<Diagnostics, { status: 'safe' }>): string {
  if (result.status === 'unknown')
    return `could not be checked (${result.error.kind}): write it in a simpler way.`
  const { complexity, attack } = result
  return `is ${complexity.type}: ${complexity.summary}. It is slow on ${attack.pattern}`
}
