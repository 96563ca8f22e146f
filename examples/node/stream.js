// Prints an answer as it comes, then what it used.
import OpenAI from 'openai';

const stream = await new OpenAI().chat.completions.create({
  model: process.env.MODEL ?? 'small',
  messages: [{role: 'user', content: 'Write one sentence about rivers.'}],
  max_completion_tokens: 60,
  stream: true,
  stream_options: {include_usage: true},
});
for await (const {choices, usage} of stream) {
  process.stdout.write(choices[0]?.delta.content ?? '');
  if (usage) {
    console.log(`\n${usage.prompt_tokens} + ${usage.completion_tokens} tokens`);
  }
}
