import { isSettled } from '../domain/prediction/prediction.ts'
import { searchWords } from '../domain/prediction/search-words.ts'
import { readJson } from '../store/kysely/prediction-rows.ts'
import { createStatement } from '../store/kysely/statement.ts'
import { wordIndexOf } from '../store/kysely/texts/word-index.ts'
import type { Progress } from './progress.ts'
import type { Side } from './sides.ts'

const part = 'words of predictions'

/** A prediction has at most a few MB. */
const atOnce = 10

/** Makes the settled predictions of a copy searchable. Resolves with how many there are. */
export async function indexWords(to: Side, progress: Progress): Promise<number> {
  const index = wordIndexOf(to)
  const insert = createStatement(to, (_names, value) => index.insert(value))
  const reached = progress.of(part)
  let { count } = reached
  let after = String(reached.after?.[0] ?? '')
  for (;;) {
    const rows = await pageAfter(to, after)
    const last = rows.at(-1)
    if (!last) return count
    const settled = rows.filter(isSettled)
    after = last.id
    count += settled.length
    await to.transaction().execute(async (trx) => {
      for (const { id, ...row } of settled) {
        const words = searchWords(searchedOf(row))
        if (words.length > 0) await insert(trx, { words: index.wordsOf(words), id })
      }
      await progress.keep(trx, part, { after: [after], count, digest: null })
    })
  }
}

type SearchedRow = Awaited<ReturnType<typeof pageAfter>>[number]

function pageAfter(to: Side, after: string) {
  return to
    .selectFrom('predictions')
    .select(['id', 'status', 'input', 'output', 'excerpt', 'files', 'iterates'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(atOnce)
    .execute()
}

function searchedOf({ input, output, excerpt, files, iterates }: Omit<SearchedRow, 'id'>) {
  return {
    input: readJson(input),
    output: output === null ? null : readJson(output),
    excerpt: excerpt === null ? null : readJson(excerpt),
    files: readJson(files),
    iterates: iterates === 1,
  }
}
