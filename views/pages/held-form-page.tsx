import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

export interface HeldFormPageProps {
  /** The path that the form was sent to, with its query. */
  readonly action: string
  /** Names and texts of its fields, in their order. */
  readonly fields: readonly (readonly [name: string, text: string])[]
  /** Names of its file fields, and of the files that were chosen. */
  readonly files: readonly (readonly [name: string, file: string])[]
  /** Whether it is the form of a model, which is opened again rather than sent. */
  readonly isOfModel: boolean
}

/** A form that was sent after the session had ended, with all that was typed. */
export function HeldFormPage({ action, fields, files, isOfModel }: HeldFormPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Sign in'>
      <section class='measure stack' aria-labelledby='sign-in'>
        <header class='page-head'>
          <h1 id='sign-in'>You are signed out</h1>
          <p class='lede'>
            Nothing was done yet, and what you typed is kept on this page. Sign in in a new tab,
            then come back and {isOfModel ? 'go on with your form' : 'send it again'}.
          </p>
        </header>
        <p>
          <a class='button run' href={paths.signIn(paths.home())} target='_blank' rel='noopener'>
            Sign in
          </a>
        </p>
        <form class='stack' method='post' action={action} enctype='multipart/form-data'>
          {fields.map(([name, text]) => (
            <textarea name={name} hidden>
              {`\n${text}`}
            </textarea>
          ))}
          {isOfModel ? <Resume files={files} /> : <SendAgain files={files} />}
        </form>
      </section>
    </Layout>
  )
}

type FilesProps = Pick<HeldFormPageProps, 'files'>

function Resume({ files }: FilesProps) {
  const names = files.map(([, file]) => file).join(', ')
  return (
    <>
      {names !== '' && (
        <p class='field-note'>Files are not kept. Choose them again in the form: {names}.</p>
      )}
      <p>
        <button class='button' type='submit' name='resume' value={names}>
          Back to the form
        </button>
      </p>
    </>
  )
}

function SendAgain({ files }: FilesProps) {
  return (
    <>
      {files.map(([name, file]) => (
        <label>
          Choose {file} again
          <input type='file' name={name} />
        </label>
      ))}
      <p>
        <button class='button' type='submit'>
          Send again
        </button>
      </p>
    </>
  )
}
