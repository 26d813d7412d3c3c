export { describeAction, PLAIN_ACTIONS, type Action, type Actions, type ActionWords } from "./action.ts";
export { Message, phrase, render, type Parameter, type Sentence, type Text } from "./message.ts";
export { didYouMean, nearest } from "./suggest.ts";
export {
  describeProblem,
  describeRemedy,
  problem,
  TesseraError,
  type ErrorCode,
  type Problem,
  type Remedy,
} from "./tessera-error.ts";
