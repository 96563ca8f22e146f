// Lets the model call a function and answers with its result.
import OpenAI from 'openai';

const runner = new OpenAI().chat.completions.runTools({
  model: process.env.MODEL ?? 'scripted',
  stream: true,
  messages: [{role: 'user', content: 'What is the weather in Oslo?'}],
  tools: [{
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Weather of a place.',
      parameters: {type: 'object', properties: {place: {type: 'string'}}, required: ['place']},
      parse: JSON.parse,
      function: ({place}) => {
        console.log('called: get_weather', place);
        return 'Sunny, 20 degrees.';
      },
    },
  }],
});
console.log('answer:', await runner.finalContent());
