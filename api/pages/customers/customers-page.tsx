/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Finding a customer. */
import type { HtmlEscapedString } from "hono/utils/html";
import { formatMember, NOTHING } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { customerModel, findCustomers } from "./customer-data.ts";

const SHOWN = 100;

export const customersPage = async (search: string, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const model = customerModel(services.project.spec, reader.catalog);
  const [frame, found] = await Promise.all([
    frameOf(services, "Customers", "/customers", reader.manifest),
    findCustomers(model, search, SHOWN, reader, services),
  ]);
  const shown = found.columns.filter((a) => a !== model.key || model.label === undefined);
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Customers"
        description={`Found by ${model.searched.map((a) => a.title.toLowerCase()).join(", ")}.`}
      />
      <form method="get" action="/customers" class="find" role="search">
        <input
          type="search"
          name="search"
          value={search}
          placeholder="Name, number, e-mail, phone"
          aria-label="Search customers"
          data-search
          autofocus={search === ""}
          autocomplete="off"
          spellcheck={false}
        />
        <button class="button primary" type="submit">
          Find
        </button>
      </form>
      <div class="card">
        {found.rows.length === 0 ? (
          <Empty title="Nobody found">
            No customer has all of “{search}”. Try part of a name, or the last digits of a phone number.
          </Empty>
        ) : (
          <div class="table-wrap">
            <table class="data">
              <thead>
                <tr>
                  {shown.map((a) => (
                    <th>{a.title}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.rows.map((row) => (
                  <tr>
                    {shown.map((a, i) => {
                      const value = row[a.member];
                      const text =
                        value === null || value === undefined
                          ? NOTHING
                          : formatMember(value, { type: a.type, name: a.member });
                      return (
                        <td class={value === null || value === undefined ? "faint" : ""}>
                          {i === 0 ? (
                            <a class="strong" href={`/customers/${encodeURIComponent(String(row[model.key.member]))}`}>
                              {text}
                            </a>
                          ) : (
                            text
                          )}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {found.rows.length > 0 ? (
          <footer class="meta">
            <span>
              {found.truncated ? `the first ${SHOWN}: type more to narrow it down` : `${found.rows.length} found`}
            </span>
          </footer>
        ) : null}
      </div>
    </Layout>,
  );
};
