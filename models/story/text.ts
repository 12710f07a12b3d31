/** The default training text. Written for this model: phrases repeat on purpose. */
export const builtIn = `
The town of Nether Dune stood between the sea and the sand, and neither of them had ever agreed to
it. Every morning the sea came up the steps of the harbour to see whether the town was still there.
Every evening the sand came down the lane behind the chapel to see whether the doors were shut. In
between, people kept shops, mended nets and complained about the wind.

Somebody had to keep the sand out, and that somebody was Ottilie Marsh. She was the keeper of the
sand, as her mother had been the keeper of the sand, and she lived in the last house of the lane
with a shovel, a lamp and a cat who was called Tuesday. Every morning she swept the sand from the
lane. Every evening she carried it back to the dune, one barrow after another, and every night the
wind brought it down again. She did not mind. The wind had its work and she had hers.

In the spring of the long wind, a box came down with the sand. It was a small box, no longer than a
loaf, and it was made of a dark wood that nobody in the town could name. It had no lock and no lid.
When Ottilie shook it, something inside turned over and went back to sleep.

She showed the box to the baker, who said that it was a box for keeping bread from going stale. She
showed the box to the schoolmaster, who said that it was a box for keeping a map, and that the map
would show the way to another box. She showed the box to the captain of the ferry, who put it to
his ear, as he put everything to his ear, and said that it was a box for keeping the sea. "I can
hear it," said the captain. "It wants to go home."

"Everything wants to go home," said Ottilie. She put the box on the shelf above the lamp, and the
cat who was called Tuesday sat in front of it and looked at it until the lamp went out.

That night the wind did not come. In the morning the lane was clean. Ottilie stood at her door with
the shovel in her hand and had nothing to sweep. The baker came out of his shop and looked at the
lane. The schoolmaster came out of the school and looked at the sky. The captain of the ferry came
up the steps of the harbour and said that the sea was flat, that the sails were flat, and that he
had never been so early for his breakfast in his life.

On the first day without wind the town was glad. People hung out their sheets, and the sheets hung
straight. On the second day without wind the town was restless. The mill on the hill stood still,
and there was flour for one more day. On the third day without wind the town came up the lane to
the last house, all of it, in its good coat, and knocked.

"It is the box," said the baker. "Before the box there was wind."

"Before the box there was sand," said Ottilie.

"Before the box there was bread," said the baker, and everybody agreed that this was the better
answer.

So the keeper of the sand took the box from the shelf above the lamp. She took the shovel in her
other hand, because she had never gone up the dune without it, and she walked to the end of the
lane. The town walked behind her as far as the last wall. After that there was only the cat who was
called Tuesday, who walked in front, as if the whole thing had been his idea.

It was a long way up the dune. The sand was warm on the top and cold underneath. Halfway up the
dune she found a chair that had belonged to her mother. Near the top of the dune she found the
door of a house, standing by itself, with a number on it that was higher than any number in the
town. The sand keeps what it takes, her mother used to say, but it does not keep it for itself.

On the top of the dune there was a hole, and it was just as long as a loaf. Ottilie knelt beside
the hole and listened. A long way down, something was breathing in. It had been breathing in for
three days, and it sounded tired of it.

"I am sorry," said the keeper of the sand. "I thought that you had sent it to me."

She put the box into the hole and it fitted like a drawer. For a moment there was nothing. Then,
under her hands, the dune let go of its breath, and the wind came out of the ground all at once. It
took her hat. It took the smoke from the chimneys and the flour from the sills. It turned the mill
on the hill so fast that the miller had to run after his own ladder, and it filled the sails in the
harbour until every boat was pulling at its rope and looking out to sea.

When Ottilie came down the dune the lane was full of sand again, from wall to wall, as deep as a
step. The baker had sand in his bread. The schoolmaster had sand in his ink. The captain of the
ferry was late for his dinner, and he was so happy about it that he told everybody twice.

"What was in the box?" asked the schoolmaster, who could not leave a thing alone.

"Tomorrow," said Ottilie, and she began to sweep.

People in the town of Nether Dune still talk about the spring of the long wind. The baker says that
the box was full of weather. The captain of the ferry says that it was full of the sea. The
schoolmaster has drawn a map of the place where the hole was, but the dune has moved since then, as
a dune will, and now the map shows the way to the middle of the harbour.

The keeper of the sand says nothing about it. Every morning she sweeps the sand from the lane. Every
evening she carries it back to the dune, one barrow after another, and sits for a while in the chair
that had belonged to her mother, and looks at the sea. The sea looks at the town. The cat who was
called Tuesday looks at the sand, in case something else should come down with it.

And some nights, when the lamp is low, there is a small sound from the end of the lane. It is the
sound of a thing that turns over and goes back to sleep. Then the wind comes down from the dune, and
tries the doors, and finds that they are shut, and goes on to the harbour to wake the boats.
`
