import type { PropsWithChildren } from 'hono/jsx'
import { fileUri } from '../../src/domain/file/file.ts'
import { formatBytes, plural } from '../format.tsx'
import { usePaths } from '../site.ts'
import type { BatchPageProps } from './batch-page.tsx'

/** The two files of a batch, and what happens to rows that cannot be run. */
export function BatchFields(props: BatchPageProps) {
  const { model, mostRows } = props
  const paths = usePaths()
  return (
    <div class='fields'>
      <FileRow {...props} name='rows' kind='CSV or JSONL' accept='.csv,.tsv,.txt,.jsonl,.ndjson'>
        The first line of a CSV names the inputs.{' '}
        <a href={paths.modelBatchTemplate(model.ref)}>An empty one to fill in</a>. At most{' '}
        {plural(mostRows, 'row')}.
      </FileRow>
      <FileRow {...props} name='files' kind='zip' accept='.zip'>
        When a column names files that are not at a URL.
      </FileRow>
      <WrongRows {...props} />
    </div>
  )
}

interface FileRowProps extends BatchPageProps {
  readonly name: 'rows' | 'files'
  readonly kind: string
  readonly accept: string
}

function FileRow(props: PropsWithChildren<FileRowProps>) {
  const { name, kind, accept, sent, problems, children } = props
  const file = sent[name]
  const problem = problems[name]
  const isRequired = name === 'rows' && file === null
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for={name}>
          {name}
        </label>{' '}
        <small>
          {kind} {isRequired && <span class='required'>required</span>}
        </small>
      </div>
      <div class='field-body'>
        {file && <SentFile {...props} />}
        <div class='file-field'>
          <div class='chosen' aria-live='polite' />
          <div class='choose'>
            <input
              type='file'
              id={name}
              name={name}
              accept={accept}
              aria-invalid={problem ? 'true' : undefined}
              aria-describedby={problem ? `${name}-error ${name}-note` : `${name}-note`}
            />
            <span class='drop-hint'>or drop it here</span>
          </div>
        </div>
        {problem && (
          <p class='field-error' id={`${name}-error`}>
            {problem}
          </p>
        )}
        <p class='field-note' id={`${name}-note`}>
          {children}
        </p>
      </div>
    </div>
  )
}

/** A file that was sent before: it is kept while its rows are checked. */
function SentFile({ name, sent, checked }: FileRowProps) {
  const file = sent[name]
  if (!file) return null
  const rows = name === 'rows' && checked ? `${plural(checked.ready + checked.wrong, 'row')}, ` : ''
  return (
    <div class='upload'>
      <input type='hidden' name={name} value={fileUri(file)} />
      <p class='upload-name'>
        {file.name}{' '}
        <small>
          {rows}
          {formatBytes(file.size)}
        </small>
      </p>
      <p class='actions'>
        <button
          class='button'
          type='submit'
          name='remove'
          value={name}
          aria-label={`Remove ${file.name}`}
        >
          Remove
        </button>
      </p>
    </div>
  )
}

function WrongRows({ leavesOut }: BatchPageProps) {
  const choices = [
    ['wait', 'Wait until all are right'],
    ['leave-out', 'Leave them out'],
  ] as const
  return (
    <div class='field' role='radiogroup' aria-labelledby='wrong-name'>
      <div class='field-head'>
        <span class='field-name' id='wrong-name'>
          rows that are wrong
        </span>
      </div>
      <div class='field-body'>
        <div class='switch choices'>
          {choices.map(([value, text]) => (
            <label>
              <input
                type='radio'
                name='wrong'
                value={value}
                checked={leavesOut === (value === 'leave-out')}
              />
              {text}
            </label>
          ))}
        </div>
      </div>
    </div>
  )
}
