/**
 * The tools to draw a mask on the picture of another input. `public/mask.js` gives them the picture.
 * Their controls belong to no form: nothing of them is sent.
 */
export function MaskDrawing() {
  return (
    <fieldset class='stack'>
      <legend class='visually-hidden'>{'Draw the {input}'}</legend>
      <div class='over'>
        <img alt='Drawn on by the mask' />
        <canvas role='img' data-label='Mask over {share} % of the picture' />
      </div>
      <div class='actions'>
        <div class='switch choices' role='radiogroup' aria-label='Draw with'>
          <label>
            <input type='radio' form='none' name='tool' value='brush' checked />
            Brush
          </label>
          <label>
            <input type='radio' form='none' name='tool' value='eraser' />
            Eraser
          </label>
        </div>
        <button class='button' type='button' data-does='undo'>
          Undo
        </button>
        <button class='button bare' type='button' data-does='invert'>
          Invert
        </button>
        <button class='button bare' type='button' data-does='clear'>
          Clear
        </button>
      </div>
      <div class='ranged'>
        <input type='range' form='none' min='1' aria-label='Brush size, slider' />
        <input type='number' form='none' min='1' aria-label='Brush size in pixels' />
      </div>
      <p class='actions'>
        <button class='button' type='button' data-does='use'>
          Use this mask
        </button>
        <button class='button bare' type='button' data-does='cancel'>
          Cancel
        </button>
      </p>
      <p
        class='field-note'
        data-size='Sand becomes white in the mask, the rest black. Most models paint over what is white. Saved as a PNG of {size}.'
      />
    </fieldset>
  )
}
