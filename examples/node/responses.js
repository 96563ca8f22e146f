// Turns of one conversation, streamed, then the conversation deleted.
import OpenAI from 'openai';

const client = new OpenAI();
const model = process.env.MODEL ?? 'scripted';

const conversation = await client.conversations.create({
  items: [{role: 'developer', content: 'Be brief.'}],
});
for (const input of ['Name a river.', 'And where is it?']) {
  const stream = client.responses.stream({model, input, conversation: conversation.id});
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);
  }
  console.log(`\n${(await stream.finalResponse()).usage.input_tokens} tokens of prompt`);
}
const items = [];
for await (const item of client.conversations.items.list(conversation.id, {limit: 2})) {
  items.push(item.type);
}
console.log(`remembered: ${items.length} items`);
await client.conversations.delete(conversation.id);
