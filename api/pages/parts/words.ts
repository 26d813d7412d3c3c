/** The texts of the page being rendered. `Layout` provides them; components read them. */
import { createContext, useContext } from "hono/jsx";
import { en, type Catalogue } from "../../i18n/index.ts";

const Words = createContext<Catalogue>(en);

/** Provides the texts to all components below it. */
export const WordsProvider = Words.Provider;

/** The texts in the reader's language. Only components may call it. */
export const useWords = (): Catalogue => useContext(Words);
