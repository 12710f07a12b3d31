import { usePaths } from '../site.ts'

/** Asks for the file that belongs to an address, such as a workflow. */
export function WorkflowUpload({ where }: { readonly where: string }) {
  const paths = usePaths()
  return (
    <form class='fields' method='post' action={paths.newModel()} enctype='multipart/form-data'>
      <input type='hidden' name='where' value={where} />
      <div class='field'>
        <div class='field-head'>
          <label class='field-name' for='document'>
            workflow
          </label>
        </div>
        <div class='field-body'>
          <input
            type='file'
            id='document'
            name='document'
            accept='.json,application/json'
            required
            aria-describedby='document-note'
          />
          <p class='field-note' id='document-note'>
            In ComfyUI: Workflow, then Export (API). Next you choose which of its values become
            inputs.
          </p>
        </div>
      </div>
      <div class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            Upload
          </button>
          <p>Nothing is saved yet.</p>
        </div>
      </div>
    </form>
  )
}
