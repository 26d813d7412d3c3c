select m::varchar, (select sum(quantity) from stock where date_trunc('month', day) = m) / n from (values (date '2024-02-01', 29), (date '2024-03-01', 31), (date '2024-04-01', 30)) t(m, n)
