select channel, count(*), max(amount) from sales where shipped_on is null group by 1
