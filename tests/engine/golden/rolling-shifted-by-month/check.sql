select m::varchar, (select sum(amount) from sales where sold_on > e - interval 28 day and sold_on <= e)
from (values (date '2025-02-01', date '2025-01-31'), (date '2025-03-01', date '2025-02-28'), (date '2025-04-01', date '2025-03-31')) t(m, e)
